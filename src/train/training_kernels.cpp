#include "train/training_kernels.h"

#include <ATen/ATen.h>

#include <memory>
#include <utility>

#include "train/bf16_convolution.h"
#include "train/precision.h"

namespace throng {

namespace {

constexpr std::int64_t kFewChannels = 32;  // below that it is no feature

class TrainingKernel final : public ConvKernel {
 public:
  TrainingKernel(const ConvBlock& block, bool batch_statistics, NormalisedFeatures& features)
      : block_(block), batch_statistics_(batch_statistics), features_(features) {}

  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const override {
    const bool relu = block_.spec().activation == Activation::relu;
    at::Tensor x = convolve(input);
    if (block_.norm) {
      x = normalise(x, relu && !residual.defined());
      if (!residual.defined()) return x;
    }
    if (residual.defined()) x = x + residual;
    return relu ? at::relu_(x) : x;
  }

 private:
  at::Tensor convolve(const at::Tensor& input) const {
    const ConvSpec& spec = block_.spec();
    if (spec.out >= kFewChannels || spec.norm)
      return bf16_convolution(input, block_.weight, block_.bias, spec, features_.find(input));
    const std::vector<std::int64_t> stride(2, spec.stride), padding(2, spec.padding), dilation(2, spec.dilation);
    const std::optional<at::Tensor> offset = block_.bias.defined() ? std::optional(block_.bias) : std::nullopt;
    return at::conv2d(input.to(at::kFloat), block_.weight, offset, stride, padding, dilation);
  }

  at::Tensor normalise(const at::Tensor& x, bool relu) const {
    Normalised origin;
    const at::Tensor features = norm_relu(x, *block_.norm, {batch_statistics_, block_.spec().norm_eps, relu}, origin);
    features_.add(features, std::move(origin));
    return features;
  }

  const ConvBlock& block_;
  bool batch_statistics_;
  NormalisedFeatures& features_;
};

}  // namespace

TrainingKernels::TrainingKernels(DensityNet& net) : net_(net) {
  net_.visit([](const std::string&, ConvBlock& block) {
    block.weight = block.weight.detach().contiguous(at::MemoryFormat::ChannelsLast);
  });
}

TrainingKernels::~TrainingKernels() { release(); }

void TrainingKernels::use(bool freeze_encoder_norm) {
  net_.visit([&](const std::string& name, ConvBlock& block) {
    const bool frozen = freeze_encoder_norm && name.starts_with("encoder.");
    block.set_kernel(std::make_unique<TrainingKernel>(block, !frozen, features_));
  });
}

Prediction TrainingKernels::forward(const at::Tensor& images) {
  Prediction prediction = in_fp32(net_.forward(images));
  features_.clear();
  return prediction;
}

void TrainingKernels::release() {
  net_.visit([](const std::string&, ConvBlock& block) { block.set_kernel(nullptr); });
}

}  // namespace throng
