#include "model/networks/single_map.h"

#include <ATen/core/Tensor.h>

#include "model/features.h"

namespace throng {

SingleMap::SingleMap(std::unique_ptr<Encoder> encoder, std::int64_t in, std::vector<ConvSpec> body,
                     const char* body_name, Activation last)
    : encoder_(std::move(encoder)), body_name_(body_name), hierarchy_(1, {{{1}}}) {
  for (ConvSpec& spec : body) {
    spec.in = in;
    in = spec.out;
    body_.emplace_back(spec);
  }
  head_.emplace_back(ConvSpec{.in = in, .out = 1, .kernel = 1, .activation = last});
}

NetworkMaps SingleMap::maps(const at::Tensor& image) const {
  const EncoderTaps taps = encoder_->forward(image);
  const at::Tensor density = run_chain(head_, run_chain(body_, features(taps)));
  return {.experts = {resize_nearest_like(density, taps.quarter)}};
}

Prediction SingleMap::mix(const NetworkMaps& maps) const {
  Prediction prediction;
  prediction.outputs.push_back({"final", 0, maps.experts.front()});
  return prediction;
}

void SingleMap::visit(const BlockVisitor& visit) {
  encoder_->visit([&](const std::string& name, ConvBlock& block) { visit("encoder." + name, block); });
  visit_chain(body_, body_name_, visit);
  visit_chain(head_, "head", visit);
}

}  // namespace throng
