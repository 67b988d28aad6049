#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace throng {

/// A 3x3 convolution of stride 1 and padding 1 in training.
struct ConvolutionShape {
  std::int64_t batch = 1;
  int height = 0;
  int width = 0;
  int in = 0;   ///< channels
  int out = 0;  ///< channels
};

/// Whether weight_gradient_3x3 takes this shape on this processor (AVX-512 with bf16): an even width, and channels in
/// multiples of 32.
bool can_take_weight_gradient(const ConvolutionShape& shape);

/// The gradient of a loss by a convolution's weights and bias, from the convolution's input and the gradient by its
/// output. Over all images n and pixels (x, y), with d for output_gradient:
///   weights[o][v][u][i] = sum of d[n][y][x][o] * input[n][y + v - 1][x + u - 1][i]
///   bias[o] = sum of d[n][y][x][o]
///
/// `input` [batch][height][width][in] and `output_gradient` [batch][height][width][out] are bfloat16, channels last,
/// dense; `weights` [out][3][3][in] and `bias` [out], which may be null, are floats. Sums are made in fp32, in an order
/// that does not depend on the number of threads. Each thread keeps scratch memory until it ends: up to about 0.5 MiB,
/// the calling thread as much again for every 64 output channels. Only for shapes that can_take_weight_gradient().
void weight_gradient_3x3(const std::uint16_t* input, const std::uint16_t* output_gradient, float* weights, float* bias,
                         const ConvolutionShape& shape, const ParallelFor& parallel);

}  // namespace throng
