#pragma once

#include <string>
#include <utility>
#include <vector>

#include "loss/config.h"
#include "loss/target.h"
#include "loss/terms.h"
#include "model/hierarchy.h"
#include "model/prediction.h"

namespace throng {

/// The total and each term of it by name ("density.final", "relative.expert1", "attention", "importance"), each as it
/// enters the total; all divided by the batch's size.
struct LossReport {
  at::Tensor total;
  std::vector<std::pair<std::string, at::Tensor>> terms;
};

/// The sum of Eq. (7) over all outputs of a network, and the other terms that Tables IX and X compare.
class Criterion {
 public:
  /// Throws Error(usage) when the crop does not divide into the local regions on the 1/4 grid, or when more of them are
  /// to be compared than there are.
  Criterion(const LossConfig& config, const Hierarchy& hierarchy, std::int64_t crop);

  /// Whether local regions are so small that the target must hold truth on the 1/2 grid.
  bool needs_half_grid() const;

  /// Throws Error(usage) when the relative term wants a second head that the network does not have.
  LossReport operator()(const Prediction& prediction, const Target& target) const;

 private:
  LossConfig config_;
  Hierarchy hierarchy_;
  RelativeOptions relative_;
  std::int64_t region_ = 0;  // side of a local region, pixels
};

}  // namespace throng
