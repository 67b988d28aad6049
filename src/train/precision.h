#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace throng {

/// Which type convolutions are computed in while training.
class Autocast {
 public:
  /// `precision`: fp32, bf16, or auto = bf16 where the device computes it natively. Throws Error(usage) where it
  /// cannot.
  Autocast(const std::string& precision, const at::Device& device);

  bool on() const { return on_; }
  at::DeviceType device() const { return device_; }

 private:
  bool on_ = false;
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

}  // namespace throng
