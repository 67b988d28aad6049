#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace throng {

/// The most bytes of CPU memory that tensors hold at once while `work` runs in this thread, beyond those held before.
std::int64_t peak_allocation(const std::function<void()>& work);

}  // namespace throng
