#include <ATen/ATen.h>

#include "infer/conv_geometry.h"
#include "infer/layers/convolutions.h"

namespace throng {

namespace {

class PlainConvolution final : public Layer {
 public:
  PlainConvolution(const ConvBlock& block, const EdgeTypes& types)
      : geometry_(geometry_of(block.spec(), /*vertical=*/false)),
        weight_(block.weight.to(types.input, /*non_blocking=*/false, /*copy=*/true, at::MemoryFormat::ChannelsLast)),
        bias_(block.bias.defined() ? block.bias.to(types.input) : at::Tensor()) {}

  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    at::Tensor values =
        at::conv2d(inputs[0].values, weight_, bias_, geometry_.stride, geometry_.padding, geometry_.dilation);
    if (inputs.size() > 1) values.add_(as_type(inputs[1], values.scalar_type()));
    if (geometry_.relu) values.relu_();
    store(values, output);
  }

  std::string kernel() const override { return "PyTorch's public operators"; }

 private:
  ConvGeometry geometry_;
  at::Tensor weight_;
  at::Tensor bias_;
};

}  // namespace

std::unique_ptr<Layer> make_plain_convolution_layer(const ConvBlock& block, const EdgeTypes& types) {
  return std::make_unique<PlainConvolution>(block, types);
}

}  // namespace throng
