#include <ATen/ATen.h>

#include "infer/layers/convolutions.h"
#include "kernels/openmp_threads.h"
#include "kernels/winograd.h"

namespace throng {

namespace {

// Fewer channels do not fill a vector.
constexpr std::int64_t kFewestChannels = 16;

const float* floats_of(const at::Tensor& tensor) { return tensor.defined() ? tensor.const_data_ptr<float>() : nullptr; }

class WinogradLayer final : public Layer {
 public:
  WinogradLayer(const ConvBlock& block, const EdgeTypes& types)
      : convolution_(block.weight.contiguous().const_data_ptr<float>(), floats_of(block.bias),
                     static_cast<int>(block.spec().in), static_cast<int>(block.spec().out),
                     block.spec().activation == Activation::relu, WinogradTile::f4x4, kernel_type(types.input)) {}

  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    const Rows in = rows_of(inputs[0]);
    const RowsOut out = rows_out_of(output);
    // The input begins one row above the output and ends one below it.
    const std::int64_t above = in.row_stride * element_bytes(in.type);
    const WinogradSource source{static_cast<const std::byte*>(in.data) + above, in.channels, in.pixel_stride,
                                in.row_stride};
    WinogradTarget target{.data = out.data, .pixel_stride = out.pixel_stride, .row_stride = out.row_stride};
    if (inputs.size() > 1) target.residual = rows_of(inputs[1]).data;
    const WinogradStrip strip{.height = output.count(), .width = out.width, .rows_above = 1, .rows_below = 1};
    convolution_.run({&source, 1}, target, strip, on_openmp_threads);
  }

  std::string kernel() const override { return "Winograd F(4x4)"; }

 private:
  WinogradConvolution convolution_;
};

}  // namespace

bool suits_winograd(const ConvBlock& block, const EdgeTypes& types) {
  const ConvSpec& spec = block.spec();
  return WinogradConvolution::supported() && types.input == types.output && types.residual == types.input &&
         types.input != at::kByte && spec.kernel == 3 && spec.stride == 1 && spec.dilation == 1 && spec.padding == 1 &&
         spec.in >= kFewestChannels && spec.out >= kFewestChannels;
}

std::unique_ptr<Layer> make_winograd_convolution_layer(const ConvBlock& block, const EdgeTypes& types) {
  return std::make_unique<WinogradLayer>(block, types);
}

}  // namespace throng
