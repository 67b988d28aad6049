#include "evaluate/trust.h"

#include <algorithm>
#include <array>

#include "core/draw.h"
#include "metrics/levels.h"

namespace throng {

namespace {

std::size_t level_of(double truth) {
  const auto found = std::ranges::find_if(kCountLevels, [&](const CountLevel& level) { return truth <= level.high; });
  return static_cast<std::size_t>(found - kCountLevels.begin());
}

}  // namespace

void TrustMeter::add(const CountResult& result, double truth) {
  pictures_.push_back({{.count = result.count,
                        .width = result.width,
                        .height = result.height,
                        .grid = {},
                        .interval = result.interval,
                        .unfamiliarity = result.unfamiliarity},
                       truth});
}

// Of groups of pictures in a seeded order, so that a group comes from all of the data set.
IntervalCoverage TrustMeter::totals(const DerivedIntervals& derived) const {
  CoverageMeter meter;
  std::vector<CountResult> group;
  double truth = 0;
  for (const std::int64_t i : Draw(1, "totals").permutation(static_cast<std::int64_t>(pictures_.size()))) {
    const Counted& counted = pictures_[static_cast<std::size_t>(i)];
    group.push_back(counted.result);
    truth += counted.truth;
    if (static_cast<std::int64_t>(group.size()) < kPicturesOfTotal) continue;
    meter.add(derived.of_total(group), truth);
    group.clear();
    truth = 0;
  }
  return meter.result();
}

void TrustMeter::write(Evaluation& evaluation, const DerivedIntervals& derived) const {
  CoverageMeter all;
  std::array<CoverageMeter, kCountLevels.size()> levels;
  ErrorMeter familiar, unfamiliar;
  for (const auto& [result, truth] : pictures_) {
    if (result.interval) {
      all.add(*result.interval, truth);
      levels[level_of(truth)].add(*result.interval, truth);
    }
    if (result.unfamiliarity) (*result.unfamiliarity > 1 ? unfamiliar : familiar).add(result.count, truth);
  }
  if (all.result().images > 0) {
    IntervalFigures& figures = evaluation.intervals.emplace();
    figures.level = pictures_.front().result.interval->level;
    figures.overall = all.result();
    for (const CoverageMeter& level : levels) figures.by_level.push_back(level.result());
    figures.totals = totals(derived);
  }
  if (familiar.result().images + unfamiliar.result().images > 0) {
    evaluation.familiarity = {familiar.result(), unfamiliar.result()};
  }
}

}  // namespace throng
