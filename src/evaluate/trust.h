#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "confidence/count_interval.h"
#include "evaluate/evaluation.h"

namespace throng {

/// The interval of a sum; see Counter::total_interval.
using TotalInterval = std::function<CountInterval(std::span<const CountResult>)>;

/// Gathers whether intervals and warnings keep what they promise.
class TrustMeter {
 public:
  /// A picture that was counted as a whole.
  void add(const CountResult& result, double truth);
  /// Writes Evaluation::intervals where pictures had some, and Evaluation::familiarity where the model knows it.
  void write(Evaluation& evaluation, const TotalInterval& total_interval) const;

 private:
  struct Counted {
    CountResult result;  // without its density
    double truth = 0;
  };
  IntervalCoverage totals(const TotalInterval& total_interval) const;

  std::vector<Counted> pictures_;
};

}  // namespace throng
