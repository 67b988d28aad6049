#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace throng {

/// One group of a level: which outputs of the level before it mixes, and where its logits start in the gate's output.
struct Group {
  std::vector<std::int64_t> members;  ///< from 0
  std::int64_t first_logit = -1;      ///< -1 for a single member, which passes through
  std::string name;                   ///< "group13", "final"
};

/// The shape of a hierarchical mixture: which maps are mixed into which. Average, MoE, HMoDE and its ordered variants
/// differ in nothing else.
class Hierarchy {
 public:
  using Levels = std::vector<std::vector<std::vector<std::int64_t>>>;

  /// Throws Error(usage) for an index out of range, an empty group, or a last level that is not one group.
  Hierarchy(std::int64_t experts, const Levels& levels);

  std::int64_t experts() const { return experts_; }
  const std::vector<std::vector<Group>>& levels() const { return levels_; }
  /// Channels that the gate of a level must give; 0 when every group has one member.
  std::int64_t logits(std::size_t level) const { return logits_[level]; }

 private:
  std::int64_t experts_;
  std::vector<std::vector<Group>> levels_;
  std::vector<std::int64_t> logits_;
};

/// Softmax inside each group: logits [B, L, ...] -> weights of the same shape (the paper's G1, G2).
at::Tensor normalise_per_group(const at::Tensor& logits, const std::vector<Group>& level);

/// Equal weights in each group: [1, L, 1, 1].
at::Tensor equal_weights(const std::vector<Group>& level, const at::TensorOptions& options);

/// Mixes the maps of one group, [B, C, H, W] each, by the level's weights (Eq. 1): [B, L, H, W], or [B, L, C, 1, 1] for
/// weights per channel.
at::Tensor mix_group(const Group& group, const std::vector<at::Tensor>& maps, const at::Tensor& weights);

}  // namespace throng
