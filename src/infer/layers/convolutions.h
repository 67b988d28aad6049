#pragma once

#include <memory>

#include "infer/layers/layer.h"

// A convolution, each in a file of its own by what computes it. All keep their own copy of the folded block's weights.
namespace throng {

/// Writes computed rows, fp32 or bf16, where they belong, in the type that is kept there.
void store(const at::Tensor& values, const MapRows& output);

/// Rows in another type; the same ones where they have it.
at::Tensor as_type(const MapRows& rows, at::ScalarType type);

/// By PyTorch's public operators: everywhere, fp32 and bf16.
std::unique_ptr<Layer> make_plain_convolution_layer(const ConvBlock& block, const EdgeTypes& types);

/// By oneDNN with packed weights; only where why_no_packed_convolution() is empty.
std::unique_ptr<Layer> make_onednn_convolution_layer(const ConvBlock& block, const EdgeTypes& types);

/// In int8 by AVX-512 VNNI, u8 inputs.
bool suits_vnni(const ConvBlock& block, const EdgeTypes& types);
std::unique_ptr<Layer> make_vnni_convolution_layer(const ConvBlock& block, const EdgeTypes& types);

/// The same of a picture's own bytes, where borders of zeros have bytes that stand for them.
bool suits_picture_bytes(const ConvBlock& block, const Normalisation& picture);
std::unique_ptr<Layer> make_picture_convolution_layer(const ConvBlock& block, const EdgeTypes& types);

/// By oneDNN in int8, u8 inputs; only where why_no_int8_convolution() is empty.
std::unique_ptr<Layer> make_int8_convolution_layer(const ConvBlock& block, const EdgeTypes& types);

/// 3x3 by Winograd's minimal filtering.
bool suits_winograd(const ConvBlock& block, const EdgeTypes& types);
std::unique_ptr<Layer> make_winograd_convolution_layer(const ConvBlock& block, const EdgeTypes& types);

}  // namespace throng
