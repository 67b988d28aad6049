#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "model/hierarchy.h"

namespace throng {

/// How the members of a group are weighed (Table IV). `concat` weighs nothing: features are laid side by side.
enum class Weighting { pixel, hard, image, average, channel, concat };

/// Throws Error(usage) that lists the names.
Weighting parse_weighting(const std::string& name);

/// Whether a level mixes features and makes density of the mixture, instead of mixing densities.
bool mixes_features(Weighting weighting);
/// Whether a gating net gives the weights.
bool needs_gate(Weighting weighting);

// Logits [B, L, h, w] of a level's groups -> weights that sum to 1 over the members of each group.

/// Softmax at each pixel: [B, L, h, w].
at::Tensor pixel_weights(const at::Tensor& logits, const std::vector<Group>& level);
/// The strongest member alone at each pixel, with the gradient of pixel_weights (straight-through): [B, L, h, w].
at::Tensor hard_weights(const at::Tensor& logits, const std::vector<Group>& level);
/// Softmax over logits averaged over the picture: [B, L, 1, 1].
at::Tensor image_weights(const at::Tensor& logits, const std::vector<Group>& level);
/// For logits [B, L x C, h, w]: softmax over averaged logits for each of C channels: [B, L, C, 1, 1].
at::Tensor channel_weights(const at::Tensor& logits, const std::vector<Group>& level, std::int64_t channels);

}  // namespace throng
