#pragma once

#include <memory>

#include "model/conv_block.h"

namespace throng {

/// A folded block's convolution by PyTorch's public operators, on the device where its weights lie: what GPUs compute
/// with, and what stands behind the mixing of features. `type` is that of weights and activations, `result` that of
/// what comes out.
std::unique_ptr<ConvKernel> make_plain_kernel(const ConvBlock& block, at::ScalarType type, at::ScalarType result);

}  // namespace throng
