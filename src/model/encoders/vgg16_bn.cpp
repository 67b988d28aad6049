#include <ATen/ATen.h>

#include "model/encoder.h"

namespace throng {

namespace {

// The first thirteen convolutions of VGG-16 with batch normalisation; taps lie before the pooling of their stage.
class Vgg16Bn final : public Encoder {
 public:
  explicit Vgg16Bn(const ModelConfig& config) {
    constexpr std::array<std::int64_t, 5> widths = {64, 128, 256, 512, 512};
    constexpr std::array<int, 5> depths = {2, 2, 3, 3, 3};
    std::int64_t in = 3;
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      for (int i = 0; i < depths[stage]; ++i) {
        ConvSpec spec{.in = in, .out = widths[stage]};
        spec.norm = config.encoder_norm;
        spec.norm_eps = config.norm_eps;
        stages_[stage].emplace_back(spec);
        in = widths[stage];
      }
    }
  }

  EncoderTaps forward(const at::Tensor& image) const override {
    at::Tensor x = run_chain(stages_[0], image);
    x = run_chain(stages_[1], at::max_pool2d(x, 2));
    EncoderTaps taps;
    taps.quarter = run_chain(stages_[2], at::max_pool2d(x, 2));
    taps.eighth = run_chain(stages_[3], at::max_pool2d(taps.quarter, 2));
    taps.sixteenth = run_chain(stages_[4], at::max_pool2d(taps.eighth, 2));
    return taps;
  }

  std::array<std::int64_t, 3> channels() const override { return {256, 512, 512}; }

  void visit(const BlockVisitor& visit) override {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      visit_chain(stages_[stage], "stage" + std::to_string(stage + 1), visit);
    }
  }

 private:
  std::array<std::vector<ConvBlock>, 5> stages_;
};

}  // namespace

std::unique_ptr<Encoder> make_vgg16_bn(const ModelConfig& config) { return std::make_unique<Vgg16Bn>(config); }

}  // namespace throng
