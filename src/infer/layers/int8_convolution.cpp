#include <ATen/ATen.h>

#include "infer/device.h"
#include "infer/layers/convolutions.h"
#include "infer/onednn.h"
#include "kernels/openmp_threads.h"

namespace throng {

namespace {

class OneDnnInt8Convolution final : public Layer {
 public:
  OneDnnInt8Convolution(const ConvBlock& block, const EdgeTypes& types)
      : geometry_(geometry_of(block.spec(), /*vertical=*/false)),
        input_scale_(types.input_scale),
        weights_(to_int8(block.weight, block.bias)) {}

  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    const at::Tensor& input = inputs[0].values;
    const at::Tensor& packed =
        packed_.get(input.sizes(), [&] { return pack_int8(weights_, input_scale_, input.sizes(), geometry_); });
    if (inputs.size() == 1) {
      output.values.copy_(int8_convolution(input, input_scale_, packed, weights_, geometry_,
                                           output.values.scalar_type(), output.scale));
      return;
    }
    // Shortcuts have steps and signs of their own, so they are added by a kernel of ours.
    ConvGeometry linear = geometry_;
    linear.relu = false;
    const at::Tensor values = int8_convolution(input, input_scale_, packed, weights_, linear, sum_type_, 1.0F)
                                  .contiguous(at::MemoryFormat::ChannelsLast);
    MapRows sum = output;
    sum.values = values;
    sum.scale = 1;
    add(rows_of(sum), rows_of(inputs[1]), rows_out_of(output), output.count(), geometry_.relu, on_openmp_threads);
  }

  std::int64_t packed_bytes() const override { return PackedBySize::kUsual * weights_.steps.numel(); }
  std::string kernel() const override { return "oneDNN int8"; }

 private:
  ConvGeometry geometry_;
  float input_scale_;
  Int8Weights weights_;
  // Of what a shortcut is added to: half the memory traffic where the processor knows bf16.
  at::ScalarType sum_type_ = has_native_bf16(at::kCPU) ? at::kBFloat16 : at::kFloat;
  mutable PackedBySize packed_;
};

}  // namespace

std::unique_ptr<Layer> make_int8_convolution_layer(const ConvBlock& block, const EdgeTypes& types) {
  return std::make_unique<OneDnnInt8Convolution>(block, types);
}

}  // namespace throng
