#pragma once

#include <ATen/core/Tensor.h>

#include "model/conv_block.h"
#include "train/norm_relu.h"

namespace throng {

/// A block's convolution with bias in bf16 on a CPU, for training: like at::conv2d under autocast, but
/// - weights are rounded to bf16 for each use and not kept,
/// - where `input` was made from `origin`, it is not kept for the backward pass, but made again,
/// - gradients of 3x3 filters are summed by weight_gradient_3x3() where it takes the shape: in fp32, and laid out
///   channels last, as weights should be.
/// input [B, in, H, W] of any type -> bf16 [B, out, H', W'], channels last.
at::Tensor bf16_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                            const ConvSpec& spec, const Normalised* origin = nullptr);

}  // namespace throng
