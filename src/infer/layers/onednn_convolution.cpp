#include <ATen/ATen.h>

#include "infer/layers/convolutions.h"
#include "infer/onednn.h"

namespace throng {

namespace {

class OneDnnConvolution final : public Layer {
 public:
  OneDnnConvolution(const ConvBlock& block, const EdgeTypes& types)
      : geometry_(geometry_of(block.spec(), /*vertical=*/false)),
        weight_(block.weight.to(types.input)),
        bias_(block.bias.defined() ? block.bias.to(types.input) : at::Tensor()) {}

  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    const at::Tensor residual = inputs.size() > 1 ? as_type(inputs[1], inputs[0].values.scalar_type()) : at::Tensor();
    const at::Tensor& input = inputs[0].values;
    const at::Tensor& packed =
        packed_.get(input.sizes(), [&] { return pack_weights(weight_, input.sizes(), geometry_); });
    store(packed_convolution(input, packed, bias_, residual, geometry_), output);
  }

  std::int64_t packed_bytes() const override {
    return PackedBySize::kUsual * static_cast<std::int64_t>(weight_.nbytes());
  }
  std::string kernel() const override { return "oneDNN"; }

 private:
  ConvGeometry geometry_;
  at::Tensor weight_;
  at::Tensor bias_;
  mutable PackedBySize packed_;
};

}  // namespace

std::unique_ptr<Layer> make_onednn_convolution_layer(const ConvBlock& block, const EdgeTypes& types) {
  return std::make_unique<OneDnnConvolution>(block, types);
}

}  // namespace throng
