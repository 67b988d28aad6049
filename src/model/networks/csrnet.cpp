#include <ATen/core/Tensor.h>

#include "model/networks/single_map.h"
#include "model/trunk.h"

namespace throng {

namespace {

std::vector<ConvSpec> dilated_backend(double width) {
  std::vector<ConvSpec> backend;
  for (const std::int64_t channels : {512, 512, 512, 256, 128, 64})
    backend.push_back({.out = scaled_channels(channels, width), .dilation = 2});
  return backend;
}

// CSRNet (Li et al., CVPR 2018): an encoder to 1/8, six dilated convolutions, and a 1x1 to the density.
class CsrNet final : public SingleMap {
 public:
  CsrNet(const ModelConfig& config, std::unique_ptr<Encoder> encoder, std::int64_t in)
      : SingleMap(std::move(encoder), in, dilated_backend(config.width), "backend", Activation::none) {}

 protected:
  at::Tensor features(const EncoderTaps& taps) const override { return taps.eighth; }
};

}  // namespace

std::unique_ptr<Network> make_csrnet(const ModelConfig& config) {
  std::unique_ptr<Encoder> encoder = make_encoder(config, EncoderEnd::eighth);
  const std::int64_t in = encoder->channels()[1];
  return std::make_unique<CsrNet>(config, std::move(encoder), in);
}

}  // namespace throng
