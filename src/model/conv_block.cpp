#include "model/conv_block.h"

#include <ATen/ATen.h>

#include <utility>

#include "model/recording.h"

namespace throng {

namespace {

thread_local at::Device parameter_device = at::kCPU;

}  // namespace

ParameterDevice::ParameterDevice(at::Device device) : before_(std::exchange(parameter_device, device)) {}
ParameterDevice::~ParameterDevice() { parameter_device = before_; }

ConvBlock::ConvBlock(ConvSpec spec) : spec_(spec) {
  if (spec_.padding < 0) spec_.padding = spec_.dilation * (spec_.kernel / 2);
  const auto options = at::TensorOptions().dtype(at::kFloat).device(parameter_device);
  weight = at::zeros({spec_.out, spec_.in, spec_.kernel, spec_.kernel}, options);
  if (spec_.bias) bias = at::zeros({spec_.out}, options);
  if (spec_.norm) {
    norm = BatchNorm{at::ones({spec_.out}, options), at::zeros({spec_.out}, options), at::zeros({spec_.out}, options),
                     at::ones({spec_.out}, options)};
  }
}

at::Tensor ConvBlock::record(FeatureRecording& recording, const at::Tensor& input, const at::Tensor& residual) const {
  FeatureNode node{.kind = FeatureNode::Kind::convolution, .inputs = {recording.node_of(input)}, .block = this};
  if (residual.defined()) node.inputs.push_back(recording.node_of(residual));
  return recording.add(std::move(node),
                       at::empty({input.size(0), spec_.out, spec_.side_of(input.size(2)), spec_.side_of(input.size(3))},
                                 input.options()));
}

at::Tensor ConvBlock::forward(const at::Tensor& input, const at::Tensor& residual) const {
  if (FeatureRecording* const recording = FeatureRecording::current()) return record(*recording, input, residual);
  if (kernel_) return kernel_->run(input, residual);
  const std::vector<std::int64_t> stride(2, spec_.stride), padding(2, spec_.padding), dilation(2, spec_.dilation);
  const std::optional<at::Tensor> offset = bias.defined() ? std::optional(bias) : std::nullopt;
  at::Tensor output = at::conv2d(input, weight, offset, stride, padding, dilation);
  if (norm) {
    output = at::batch_norm(output, norm->weight, norm->bias, norm->running_mean, norm->running_var, batch_statistics_,
                            BatchNorm::kMomentum, spec_.norm_eps, /*cudnn_enabled=*/true);
  }
  // In place: what convolution and normalisation give is needed by nothing else.
  if (residual.defined()) output.add_(residual);
  return spec_.activation == Activation::relu ? at::relu_(output) : output;
}

void ConvBlock::fold_norm() {
  if (!norm) return;
  // In double: pretrained encoders have variances below 1e-6 next to ones above 1e4.
  const at::Tensor scale = norm->weight.to(at::kDouble) / at::sqrt(norm->running_var.to(at::kDouble) + spec_.norm_eps);
  const at::Tensor old_bias = bias.defined() ? bias.to(at::kDouble) : at::zeros_like(scale);
  bias = ((old_bias - norm->running_mean.to(at::kDouble)) * scale + norm->bias.to(at::kDouble)).to(at::kFloat);
  weight = (weight.to(at::kDouble) * scale.view({-1, 1, 1, 1})).to(at::kFloat);
  norm.reset();
  spec_.norm = false;
  spec_.bias = true;
}

std::vector<NamedTensor> block_tensors(const std::string& name, ConvBlock& block) {
  std::vector<NamedTensor> tensors{{name + ".weight", &block.weight, true}};
  if (block.bias.defined()) tensors.push_back({name + ".bias", &block.bias, true});
  if (block.norm) {
    tensors.push_back({name + ".norm.weight", &block.norm->weight, true});
    tensors.push_back({name + ".norm.bias", &block.norm->bias, true});
    tensors.push_back({name + ".norm.running_mean", &block.norm->running_mean, false});
    tensors.push_back({name + ".norm.running_var", &block.norm->running_var, false});
  }
  return tensors;
}

at::Tensor run_chain(const std::vector<ConvBlock>& chain, at::Tensor input) {
  for (const ConvBlock& block : chain) input = block.forward(input);
  return input;
}

void visit_chain(std::vector<ConvBlock>& chain, const std::string& name, const BlockVisitor& visit) {
  for (std::size_t i = 0; i < chain.size(); ++i) visit(name + "." + std::to_string(i), chain[i]);
}

}  // namespace throng
