#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/gates/gate.h"
#include "model/hierarchy.h"
#include "model/trunk.h"

namespace throng {

/// What a group mixes: an expert, or a group of the level before. All maps lie on the 1/4 grid.
struct Candidate {
  at::Tensor features;  ///< [B, C, h, w]; undefined where densities are mixed
  at::Tensor density;   ///< [B, 1, h, w]; undefined where the first level mixes features
  at::Tensor local;     ///< [B, 1, h, w] of the second head for local counts, or undefined
};

/// What a level is built on.
struct LevelInputs {
  std::int64_t gate_channels = 0;              ///< of the feature that its gate sees
  std::vector<std::int64_t> feature_channels;  ///< of each candidate; empty where densities are mixed
  std::int64_t head = 64;                      ///< channels inside the head of a mixture of features
};

/// One level of the hierarchy: its groups, the gate that weighs their members, and the heads of mixed features.
class Level {
 public:
  /// `number` from 1. Throws Error(usage) where features are to be mixed and the candidates have none.
  Level(std::size_t number, const GateConfig& config, std::vector<Group> groups, std::int64_t logits,
        const LevelInputs& inputs, double width);

  const std::vector<Group>& groups() const { return groups_; }
  bool has_gate() const { return gate_.has_value(); }
  /// Channels of each group's features; empty where it has none.
  const std::vector<std::int64_t>& feature_channels() const { return feature_channels_; }
  /// Whether group `i` hands a density of the level before on as it is.
  bool passes_through(std::size_t i) const { return heads_.empty() && groups_[i].first_logit < 0; }

  /// Only of a level that has one.
  const Gate& gate() const { return *gate_; }
  /// One candidate per group; `weights` as its gate gives them, or undefined without a gate.
  std::vector<Candidate> mix(const std::vector<Candidate>& candidates, const at::Tensor& weights) const;

  void visit_gate(const BlockVisitor& visit);
  void visit_heads(const BlockVisitor& visit);

 private:
  std::size_t number_;
  Weighting weighting_;
  std::vector<Group> groups_;
  std::int64_t logits_;
  std::optional<Gate> gate_;
  std::vector<Trunk> heads_;  // one per group where features are mixed
  std::vector<std::int64_t> feature_channels_;
};

}  // namespace throng
