#pragma once

#include <memory>
#include <string>

#include "model/conv_block.h"

namespace throng {

/// Empty where PyTorch's internal oneDNN convolutions can be used; else why not. They move between releases, so they
/// are looked up and tried once, and prepare() falls back to the public operators.
const std::string& why_no_packed_convolution();

/// Whether oneDNN computes in bf16 on this CPU, in hardware or emulated.
bool onednn_supports_bf16();

/// A folded block's convolution by oneDNN: weights packed once, bias, residual and ReLU in the same pass. `type` is
/// that of weights and activations, `result` that of what comes out. Only where why_no_packed_convolution() is empty.
std::unique_ptr<ConvKernel> make_packed_convolution(const ConvBlock& block, at::ScalarType type, at::ScalarType result);

/// The same by the public operators, on any device; residual and ReLU are done in place.
std::unique_ptr<ConvKernel> make_plain_convolution(const ConvBlock& block, at::ScalarType type, at::ScalarType result);

}  // namespace throng
