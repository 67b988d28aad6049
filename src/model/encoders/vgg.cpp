#include <ATen/core/Tensor.h>

#include "model/encoder.h"
#include "model/features.h"

namespace throng {

namespace {

constexpr std::size_t kStages = 5;

// The convolutions of a VGG network; taps lie before the pooling of their stage.
class Vgg final : public Encoder {
 public:
  Vgg(const ModelConfig& config, EncoderEnd end, std::array<int, kStages> depths, bool norm)
      : stages_(end == EncoderEnd::eighth ? kStages - 1 : kStages) {
    constexpr std::array<std::int64_t, kStages> widths = {64, 128, 256, 512, 512};
    std::int64_t in = 3;
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      for (int i = 0; i < depths[stage]; ++i) {
        ConvSpec spec{.in = in, .out = widths[stage]};
        spec.norm = norm;
        spec.norm_eps = config.norm_eps;
        stages_[stage].emplace_back(spec);
        in = widths[stage];
      }
    }
  }

  EncoderTaps forward(const at::Tensor& image) const override {
    at::Tensor x = run_chain(stages_[0], image);
    x = run_chain(stages_[1], max_pool(x, {}));
    EncoderTaps taps;
    taps.quarter = run_chain(stages_[2], max_pool(x, {}));
    taps.eighth = run_chain(stages_[3], max_pool(taps.quarter, {}));
    if (stages_.size() == kStages) taps.sixteenth = run_chain(stages_[4], max_pool(taps.eighth, {}));
    return taps;
  }

  std::array<std::int64_t, 3> channels() const override { return {256, 512, 512}; }

  void visit(const BlockVisitor& visit) override {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      visit_chain(stages_[stage], "stage" + std::to_string(stage + 1), visit);
    }
  }

 private:
  std::vector<std::vector<ConvBlock>> stages_;
};

constexpr std::array<int, kStages> kDepths16 = {2, 2, 3, 3, 3};
constexpr std::array<int, kStages> kDepths19 = {2, 2, 4, 4, 4};

}  // namespace

std::unique_ptr<Encoder> make_vgg16_bn(const ModelConfig& config, EncoderEnd end) {
  return std::make_unique<Vgg>(config, end, kDepths16, config.encoder_norm);
}

std::unique_ptr<Encoder> make_vgg16(const ModelConfig& config, EncoderEnd end) {
  return std::make_unique<Vgg>(config, end, kDepths16, /*norm=*/false);
}

std::unique_ptr<Encoder> make_vgg19(const ModelConfig& config, EncoderEnd end) {
  return std::make_unique<Vgg>(config, end, kDepths19, /*norm=*/false);
}

}  // namespace throng
