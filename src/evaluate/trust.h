#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "confidence/count_interval.h"
#include "evaluate/evaluation.h"

namespace throng {

/// What a model makes of the intervals around its counts: see Counter::total_interval and Counter::part_interval.
struct DerivedIntervals {
  std::function<CountInterval(std::span<const CountResult>)> of_total = {};
  std::function<CountInterval(const CountResult& whole, double people)> of_part = {};
};

/// Gathers whether intervals and warnings keep what they promise.
class TrustMeter {
 public:
  /// A picture, or the part of it that counts.
  void add(const CountResult& result, double truth);
  /// Writes Evaluation::intervals where pictures had some, and Evaluation::familiarity where the model knows it.
  void write(Evaluation& evaluation, const DerivedIntervals& derived) const;

 private:
  struct Counted {
    CountResult result;  // without its density
    double truth = 0;
  };
  IntervalCoverage totals(const DerivedIntervals& derived) const;

  std::vector<Counted> pictures_;
};

}  // namespace throng
