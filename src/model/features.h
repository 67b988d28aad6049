#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "model/recording.h"

// What networks do with features besides convolutions. All of it can be recorded (FeatureRecording), so the local part
// of a network calls these and ConvBlock, and nothing else.
namespace throng {

/// [B, C, H, W] -> [B, C, h, w]
at::Tensor max_pool(const at::Tensor& input, const Pooling& pooling);

/// Side by side along the channels.
at::Tensor concat(const std::vector<at::Tensor>& parts);

/// Bilinearly to the height and width of `like`.
at::Tensor resize_bilinear_like(const at::Tensor& input, const at::Tensor& like, ResizeMode mode);
/// By nearest.
at::Tensor resize_nearest_like(const at::Tensor& input, const at::Tensor& like);

at::Tensor sigmoid(const at::Tensor& input);

/// features [B, C, h, w] times weights [B, 1, h, w] at each pixel.
at::Tensor weigh_pixels(const at::Tensor& features, const at::Tensor& weights);

}  // namespace throng
