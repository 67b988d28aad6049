#include <ATen/core/Tensor.h>

#include "model/encoder.h"
#include "model/features.h"
#include "model/units.h"

namespace throng {

namespace {

// ResNet-18 and -50 up to layer3 (stride 16); layer1, layer2 and layer3 are the taps.
class ResNet final : public Encoder {
 public:
  ResNet(const ModelConfig& config, EncoderEnd end, std::array<int, 3> depths, bool bottleneck)
      : config_(config),
        expansion_(bottleneck ? 4 : 1),
        stem_(spec(3, 64, 7, 2)),
        layers_(end == EncoderEnd::eighth ? 2 : 3) {
    std::int64_t in = 64, width = 64;
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      for (int unit = 0; unit < depths[layer]; ++unit) {
        const std::int64_t stride = layer > 0 && unit == 0 ? 2 : 1;
        layers_[layer].push_back(bottleneck ? make_bottleneck(in, width, stride) : make_basic(in, width, stride));
        in = width * expansion_;
      }
      width *= 2;
    }
  }

  EncoderTaps forward(const at::Tensor& image) const override {
    const at::Tensor x = max_pool(stem_.forward(image), {.kernel = 3, .padding = 1});
    EncoderTaps taps;
    taps.quarter = run(layers_[0], x);
    taps.eighth = run(layers_[1], taps.quarter);
    if (layers_.size() > 2) taps.sixteenth = run(layers_[2], taps.eighth);
    return taps;
  }

  std::array<std::int64_t, 3> channels() const override {
    return {64 * expansion_, 128 * expansion_, 256 * expansion_};
  }

  void visit(const BlockVisitor& visit) override {
    visit("stem", stem_);
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      for (std::size_t unit = 0; unit < layers_[layer].size(); ++unit) {
        layers_[layer][unit].visit("layer" + std::to_string(layer + 1) + "." + std::to_string(unit), visit);
      }
    }
  }

 private:
  static at::Tensor run(const std::vector<ResidualUnit>& layer, at::Tensor x) {
    for (const ResidualUnit& unit : layer) x = unit.forward(x);
    return x;
  }

  ConvSpec spec(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                Activation activation = Activation::relu) const {
    ConvSpec spec{.in = in, .out = out, .kernel = kernel, .stride = stride};
    spec.bias = !config_.encoder_norm;
    spec.norm = config_.encoder_norm;
    spec.norm_eps = config_.norm_eps;
    spec.activation = activation;
    return spec;
  }

  ResidualUnit make_basic(std::int64_t in, std::int64_t width, std::int64_t stride) const {
    ResidualUnit unit;
    unit.convs.emplace_back(spec(in, width, 3, stride));
    unit.convs.emplace_back(spec(width, width, 3, 1));
    add_shortcut(unit, in, width, stride);
    return unit;
  }

  ResidualUnit make_bottleneck(std::int64_t in, std::int64_t width, std::int64_t stride) const {
    const bool first = config_.bottleneck_stride == "1x1";
    ResidualUnit unit;
    unit.convs.emplace_back(spec(in, width, 1, first ? stride : 1));
    unit.convs.emplace_back(spec(width, width, 3, first ? 1 : stride));
    unit.convs.emplace_back(spec(width, width * expansion_, 1, 1));
    add_shortcut(unit, in, width * expansion_, stride);
    return unit;
  }

  void add_shortcut(ResidualUnit& unit, std::int64_t in, std::int64_t out, std::int64_t stride) const {
    if (in != out || stride != 1) unit.shortcut.emplace_back(spec(in, out, 1, stride, Activation::none));
  }

  ModelConfig config_;
  std::int64_t expansion_;
  ConvBlock stem_;
  std::vector<std::vector<ResidualUnit>> layers_;
};

}  // namespace

std::unique_ptr<Encoder> make_resnet18(const ModelConfig& config, EncoderEnd end) {
  return std::make_unique<ResNet>(config, end, std::array{2, 2, 2}, /*bottleneck=*/false);
}

std::unique_ptr<Encoder> make_resnet50(const ModelConfig& config, EncoderEnd end) {
  return std::make_unique<ResNet>(config, end, std::array{3, 4, 6}, /*bottleneck=*/true);
}

}  // namespace throng
