#pragma once

#include <cstdint>

#include "kernels/rows.h"

// Batch normalisation in training, with the ReLU behind it. Pixels are bfloat16, [pixels][channels], dense; all that
// belongs to channels is float, [channels]. No result depends on the number of threads.
namespace throng {

struct PixelShape {
  std::int64_t pixels = 0;
  std::int64_t channels = 0;
};

/// Mean and (biased) variance of each channel.
void channel_moments(const std::uint16_t* x, const PixelShape& shape, float* mean, float* variance,
                     const ParallelFor& parallel);

/// What normalisation comes down to: x * scale + shift, then ReLU where `relu`.
struct ScaledRelu {
  const float* scale = nullptr;
  const float* shift = nullptr;
  bool relu = true;
};
void scaled_relu(const std::uint16_t* x, const PixelShape& shape, const ScaledRelu& function, std::uint16_t* out,
                 const ParallelFor& parallel);

/// Sums over the pixels of the gradient by x * scale + shift, given that by the ReLU's output, and of its product with
/// x.
void scaled_relu_sums(const std::uint16_t* x, const std::uint16_t* gradient, const PixelShape& shape,
                      const ScaledRelu& function, float* sum, float* sum_of_products, const ParallelFor& parallel);

/// by_gradient * (the gradient by x * scale + shift) + by_x * x + constant.
struct NormGradient {
  const float* by_gradient = nullptr;
  const float* by_x = nullptr;
  const float* constant = nullptr;
};
void scaled_relu_gradient(const std::uint16_t* x, const std::uint16_t* gradient, const PixelShape& shape,
                          const ScaledRelu& function, const NormGradient& norm, std::uint16_t* out,
                          const ParallelFor& parallel);

}  // namespace throng
