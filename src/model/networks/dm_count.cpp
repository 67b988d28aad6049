#include <ATen/core/Tensor.h>

#include "model/features.h"
#include "model/networks/single_map.h"
#include "model/trunk.h"

namespace throng {

namespace {

std::vector<ConvSpec> regression(double width) {
  std::vector<ConvSpec> layers;
  for (const std::int64_t channels : {256, 128}) layers.push_back({.out = scaled_channels(channels, width)});
  return layers;
}

// The network of DM-Count (Wang et al., NeurIPS 2020): an encoder to 1/16, upsampled to 1/8, and three convolutions.
class DmCount final : public SingleMap {
 public:
  DmCount(const ModelConfig& config, std::unique_ptr<Encoder> encoder, std::int64_t in)
      : SingleMap(std::move(encoder), in, regression(config.width), "regression", Activation::relu),
        resize_(parse_resize_mode(config.resize)) {}

 protected:
  at::Tensor features(const EncoderTaps& taps) const override {
    return resize_bilinear_like(taps.sixteenth, taps.eighth, resize_);
  }

 private:
  ResizeMode resize_;
};

}  // namespace

std::unique_ptr<Network> make_dm_count(const ModelConfig& config) {
  std::unique_ptr<Encoder> encoder = make_encoder(config);
  const std::int64_t in = encoder->channels()[2];
  return std::make_unique<DmCount>(config, std::move(encoder), in);
}

}  // namespace throng
