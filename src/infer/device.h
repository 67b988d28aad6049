#pragma once

#include <ATen/core/Tensor.h>

#include "core/device.h"

namespace throng {

/// The device to compute on; automatic takes the first CUDA device when there is one.
/// Throws Error(usage) when the device is not there.
at::Device torch_device(const Device& wanted);

/// Whether the device multiplies bf16 in hardware. Without it bf16 is slower than fp32 on a CPU, or fails.
bool has_native_bf16(const at::Device& device);

/// The precision to compute in: automatic is int8 where the device has it and the model is calibrated, else bf16 where
/// the device has that, else fp32. Throws Error(usage) when a precision is asked for that would be slower or wrong.
Precision choose_precision(Precision wanted, const at::Device& device, bool calibrated = false);

}  // namespace throng
