#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace throng {

/// The most memory in use since this object was made: on a GPU what tensors take there, else what the process has
/// resident (since the process began, where the kernel does not let the mark be reset).
class PeakMemory {
 public:
  explicit PeakMemory(const at::Device& device);
  /// Bytes; 0 where the system does not say.
  std::int64_t bytes() const;

 private:
  at::Device device_;
};

}  // namespace throng
