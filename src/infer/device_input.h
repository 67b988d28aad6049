#pragma once

#include <ATen/core/Tensor.h>

#include "model/model_file.h"

namespace throng {

/// Makes bytes of pictures what networks take, where the bytes lie: three bytes of a pixel travel to a device, not
/// twelve.
class ByteNormaliser {
 public:
  ByteNormaliser(const Normalisation& normalisation, const at::Device& device);

  /// [B, H, W, 3] bytes -> [B, 3, H, W] fp32, channels-last, (value / 255 - mean) / deviation.
  at::Tensor operator()(const at::Tensor& bytes) const;

 private:
  at::Tensor mean_, deviation_;  // [1, 3, 1, 1]
};

/// A tensor of the host that `device` can copy from without being waited for: in pinned memory unless that is the CPU.
at::Tensor staging_tensor(at::IntArrayRef sizes, at::ScalarType type, const at::Device& device);

}  // namespace throng
