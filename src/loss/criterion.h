#pragma once

#include <string>
#include <utility>
#include <vector>

#include "loss/config.h"
#include "loss/target.h"
#include "model/hierarchy.h"
#include "model/prediction.h"

namespace throng {

/// The total and each term of it by name ("density.final", "relative.expert1", "attention", "importance"), each as it
/// enters the total; all divided by the batch's size.
struct LossReport {
  at::Tensor total;
  std::vector<std::pair<std::string, at::Tensor>> terms;
};

/// The sum of Eq. (7) over all outputs of a network.
class Criterion {
 public:
  /// Throws Error(usage) when the crop does not divide into the local regions on the 1/4 grid.
  Criterion(const LossConfig& config, const Hierarchy& hierarchy, std::int64_t crop);

  LossReport operator()(const Prediction& prediction, const Target& target) const;

 private:
  LossConfig config_;
  Hierarchy hierarchy_;
  std::int64_t cells_ = 0;  // of the 1/4 grid along a local region's side
};

}  // namespace throng
