#pragma once

#include <string>

#include "core/device.h"
#include "infer/memory.h"
#include "model/density_net.h"

namespace throng {

/// A network made ready to count: normalisation folded into the convolutions, weights packed for one device and
/// precision. It can neither be trained nor saved, which is why prepare() consumes the net.
class PreparedNet {
 public:
  /// image [1, 3, H, W] fp32, normalised, channels-last, on the net's device. The final map is fp32. No gradients.
  Prediction forward(const at::Tensor& image) const;

  /// How its maps are mixed.
  const Hierarchy& hierarchy() const { return net_.hierarchy(); }
  const at::Device& device() const { return device_; }
  Precision precision() const { return precision_; }
  /// How the convolutions are computed, and why not better where they could be.
  const std::string& kernels() const { return kernels_; }
  const MemoryEstimate& memory() const { return memory_; }

 private:
  friend PreparedNet prepare(DensityNet&& net, Precision precision, const at::Device& device);
  PreparedNet(DensityNet&& net, Precision precision, const at::Device& device)
      : net_(std::move(net)), precision_(precision), device_(device) {}

  DensityNet net_;
  Precision precision_;
  at::Device device_;
  std::string kernels_;
  MemoryEstimate memory_;
};

/// Throws Error(usage) for a precision that the device does not have.
PreparedNet prepare(DensityNet&& net, Precision precision, const at::Device& device = at::kCPU);

}  // namespace throng
