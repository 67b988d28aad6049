#pragma once

#include <ATen/core/Tensor.h>

#include "core/device.h"

namespace throng {

/// The device to compute on; automatic takes the first CUDA device when there is one.
/// Throws Error(usage) when the device is not there.
at::Device torch_device(const Device& wanted);

/// Whether the device multiplies bf16 in hardware. Without it bf16 is slower than fp32 on a CPU, or fails.
bool has_native_bf16(const at::Device& device);

/// The precision to compute in: automatic is bf16 where the device has it, else fp32.
/// Throws Error(usage) when bf16 is asked for where it is not native.
Precision choose_precision(Precision wanted, const at::Device& device);

}  // namespace throng
