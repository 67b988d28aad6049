#include "infer/prepare.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "core/text.h"
#include "infer/device.h"
#include "infer/kernels.h"

namespace throng {

PreparedNet prepare(DensityNet&& net, Precision wanted, const at::Device& device) {
  const Precision precision = choose_precision(wanted, device);
  const at::NoGradGuard no_gradients;
  PreparedNet prepared(std::move(net), precision, device);
  prepared.net_.train(false);

  // cuDNN would round fp32 to TF32, a thousandth of the value.
  if (device.is_cuda() && precision == Precision::fp32) at::globalContext().setAllowTF32CuDNN(false);
  const bool packed = device.is_cpu() && why_no_packed_convolution().empty();
  const at::ScalarType type = precision == Precision::bf16 ? at::kBFloat16 : at::kFloat;
  prepared.memory_ = estimate_memory(prepared.net_, type);
  prepared.net_.visit([&](const std::string& name, ConvBlock& block) {
    block.fold_norm();
    if (!device.is_cpu()) {
      block.weight = block.weight.to(device);
      if (block.bias.defined()) block.bias = block.bias.to(device);
    }
    // Density maps are summed over the whole image, so they leave bf16 here.
    const at::ScalarType result = gives_density(name, block) ? at::kFloat : type;
    block.set_kernel(packed ? make_packed_convolution(block, type, result)
                            : make_plain_convolution(block, type, result));
    // The kernel has its own copy.
    block.weight = at::Tensor();
    block.bias = at::Tensor();
  });
  prepared.kernels_ = packed             ? "oneDNN, packed weights, fused ReLU"
                      : device.is_cuda() ? "cuDNN"
                                         : text("PyTorch's public operators: ", why_no_packed_convolution());
  return prepared;
}

Prediction PreparedNet::forward(const at::Tensor& image) const {
  const at::NoGradGuard no_gradients;
  return net_.forward(image);
}

}  // namespace throng
