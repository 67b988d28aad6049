#include "model/gates/gate.h"

#include "core/text.h"
#include "model/density_net.h"
#include "throng/error.h"

namespace throng {

std::vector<ConvBlock> make_trunk(const Trunk& trunk, std::int64_t in, std::int64_t out, double width, Activation last,
                                  const std::string& key) {
  std::vector<ConvBlock> chain;
  for (const auto& layer : trunk) {
    if (layer.size() != 2 || layer[0] < 1 || layer[0] % 2 == 0 || layer[1] < 1) {
      throw Error(ErrorKind::usage, text(key, ": each layer is [kernel, channels] with an odd kernel, like [3, 256]"));
    }
    chain.emplace_back(ConvSpec{.in = in, .out = scaled_channels(layer[1], width), .kernel = layer[0]});
    in = chain.back().spec().out;
  }
  ConvSpec spec{.in = in, .out = out, .kernel = 1};
  spec.activation = last;
  chain.emplace_back(spec);
  return chain;
}

Gate::Gate(const GateConfig& config, std::int64_t in, std::int64_t logits, double width)
    : chain_(make_trunk(config.trunk, in, logits, width, Activation::relu, "model.gates.trunk")) {}

}  // namespace throng
