#pragma once

#include <string>
#include <vector>

#include "model/config.h"
#include "model/gates/weighting.h"
#include "model/trunk.h"

namespace throng {

/// A gating net: a trunk whose last 1x1 gives one logit per member of each group, ReLU behind every convolution (the
/// last included, as the paper has it), and the way logits become weights.
class Gate {
 public:
  /// `channels`: how many features are weighed apart; 1 unless the weighting is per channel.
  Gate(const GateConfig& config, std::int64_t in, const std::vector<Group>& groups, std::int64_t logits,
       std::int64_t channels, double width);

  /// feature [B, C, h, w] -> logits [B, L, h, w]. Can be recorded (model/recording.h).
  at::Tensor logits(const at::Tensor& feature) const { return trunk_.forward(feature); }
  /// logits -> weights, shaped as the weighting gives them (gates/weighting.h).
  at::Tensor weights(const at::Tensor& logits) const;
  void visit(const std::string& name, const BlockVisitor& visit) { trunk_.visit(name, visit); }

 private:
  Weighting weighting_;
  std::vector<Group> groups_;
  std::int64_t channels_;
  Trunk trunk_;
};

}  // namespace throng
