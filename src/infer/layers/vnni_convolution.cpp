#include <ATen/ATen.h>

#include "infer/layers/convolutions.h"
#include "infer/onednn.h"
#include "kernels/int8_convolution.h"
#include "kernels/openmp_threads.h"

namespace throng {

namespace {

class VnniConvolution final : public Layer {
 public:
  VnniConvolution(const ConvBlock& block, const Int8Weights& weights)
      : convolution_(window_of(block.spec()),
                     weights.steps.contiguous(at::MemoryFormat::ChannelsLast).const_data_ptr<std::int8_t>(),
                     weights.scales.const_data_ptr<float>(),
                     weights.bias.defined() ? weights.bias.const_data_ptr<float>() : nullptr,
                     block.spec().activation == Activation::relu) {}

  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    const Rows shortcut = inputs.size() > 1 ? rows_of(inputs[1]) : Rows{};
    convolution_.run(rows_of(inputs[0]), inputs.size() > 1 ? &shortcut : nullptr, rows_out_of(output), output.count(),
                     on_openmp_threads);
  }

  std::string kernel() const override { return "VNNI"; }

 private:
  static Int8Window window_of(const ConvSpec& spec) {
    const auto kernel = static_cast<int>(spec.kernel), stride = static_cast<int>(spec.stride);
    return {.in = static_cast<int>(spec.in),
            .out = static_cast<int>(spec.out),
            .rows = kernel,
            .columns = kernel,
            .row_stride = stride,
            .column_stride = stride,
            .dilation = static_cast<int>(spec.dilation),
            .padding = static_cast<int>(spec.padding)};
  }

  Int8Convolution convolution_;
};

}  // namespace

bool suits_vnni(const ConvBlock& block, const EdgeTypes& types) {
  return Int8Convolution::supported() && !onednn_has_int8_tiles() && types.input == at::kByte &&
         block.spec().in % 4 == 0;
}

std::unique_ptr<Layer> make_vnni_convolution_layer(const ConvBlock& block, const EdgeTypes&) {
  return std::make_unique<VnniConvolution>(block, to_int8(block.weight, block.bias));
}

}  // namespace throng
