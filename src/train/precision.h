#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "core/device.h"
#include "model/density_net.h"

namespace throng {

/// Which type convolutions are computed in while training.
class Autocast {
 public:
  /// `precision`: fp32, bf16, or auto = bf16 where the device computes it natively. Throws Error(usage) where it
  /// cannot.
  Autocast(const std::string& precision, const at::Device& device);

  Precision precision() const { return precision_; }
  bool on() const { return precision_ == Precision::bf16; }
  at::DeviceType device() const { return device_; }

 private:
  Precision precision_;
  at::DeviceType device_;
};

/// Casts as `autocast` says while this object lives, on this thread.
class AutocastScope {
 public:
  explicit AutocastScope(const Autocast& autocast);
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;
  ~AutocastScope();

 private:
  const Autocast& autocast_;
  bool enabled_before_ = false;
  at::ScalarType type_before_ = at::kFloat;
};

/// A forward pass in that type; all that it gives is fp32.
Prediction forward_in(const Autocast& autocast, const DensityNet& net, const at::Tensor& images);

/// The same numbers, all fp32.
Prediction in_fp32(Prediction prediction);

}  // namespace throng
