#include "infer/plain_kernel.h"

#include <ATen/ATen.h>

#include "infer/conv_geometry.h"

namespace throng {

namespace {

class PlainKernel final : public ConvKernel {
 public:
  PlainKernel(const ConvBlock& block, at::ScalarType type, at::ScalarType result)
      : geometry_(geometry_of(block.spec(), /*vertical=*/true)),
        weight_(block.weight.to(type).contiguous(at::MemoryFormat::ChannelsLast)),
        bias_(block.bias.defined() ? block.bias.to(type) : block.bias),
        type_(type),
        result_(result) {}

  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const override {
    at::Tensor output =
        at::conv2d(input.to(type_), weight_, bias_, geometry_.stride, geometry_.padding, geometry_.dilation);
    if (residual.defined()) output.add_(residual);
    if (geometry_.relu) output.relu_();
    return output.to(result_);
  }

 private:
  ConvGeometry geometry_;
  at::Tensor weight_;
  at::Tensor bias_;
  at::ScalarType type_;
  at::ScalarType result_;
};

}  // namespace

std::unique_ptr<ConvKernel> make_plain_kernel(const ConvBlock& block, at::ScalarType type, at::ScalarType result) {
  return std::make_unique<PlainKernel>(block, type, result);
}

}  // namespace throng
