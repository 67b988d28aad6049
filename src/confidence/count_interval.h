#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "throng/counter.h"

namespace throng {

/// What a pass over a picture says about how sure its count is.
struct CountEvidence {
  double count = 0;              ///< people, of the final map
  std::vector<double> opinions;  ///< people, of every other map and of other scales
};

/// A picture that was not trained on, counted.
struct HeldOutCount {
  CountEvidence evidence;
  double truth = 0;
  std::string place;  ///< pictures of one place or data set err alike; "" stands for itself
};

/// What split conformal prediction (Vovk et al. 2005; Lei et al. 2018) needs to know of a model. Errors are ratios:
/// r = ln((truth + floor) / (count + floor)), and a picture's score is |r| / difficulty. An interval is as wide as the
/// mixture of the held-out pictures needs and as each kind of them does by itself, for nobody knows what will be
/// counted. The usual quantile holds on average over all sets of held-out pictures, of which a model has but one; that
/// of the mixture is large enough to hold in nine of ten sets (Vovk 2012, training conditional validity).
struct IntervalCalibration {
  double floor = 10;                            ///< people; makes ratios of small counts tame
  double per_disagreement = 0;                  ///< difficulty = 1 + per_disagreement * disagreement
  double correlation = 0;                       ///< of the errors in pictures of one place, 0 to 1
  std::vector<double> scores;                   ///< of held-out pictures, ascending
  std::vector<std::vector<double>> kinds = {};  ///< those of each place with 20 pictures or more, ascending
};

/// Root of the mean squared ln-ratio of the opinions to the count, with floor people added to each.
double disagreement(const CountEvidence& evidence, double floor);

/// Chooses the likeliest floor and per_disagreement, and the scores that go with them; each score is
/// made with the per_disagreement that was chosen without the fifth of the pictures to which it belongs. Throws
/// Error(usage) for fewer than 20 pictures.
IntervalCalibration calibrate_intervals(std::span<const HeldOutCount> pictures);

/// The quantile of the mixture is the k-th of n scores with the least k for which P(Binomial(n, level) < k) >= 0.9,
/// that of a kind the ceil((n + 1) level)-th; the largest where there is no k-th. Throws Error(usage) for a level that
/// is not in (0, 1), or above n / (n + 1), which not even the largest score keeps on average.
CountInterval count_interval(const IntervalCalibration& calibration, const CountEvidence& evidence, double level);

/// The interval of the people in a part of a picture: its ends are in the same ratio to them as the whole's are to the
/// whole count (each with floor people more), since what misleads a network in a picture does so in its parts.
CountInterval part_interval(const IntervalCalibration& calibration, const CountResult& whole, double people);

/// A count with its interval.
struct IntervalOfCount {
  double count = 0;
  CountInterval interval;
};

/// The interval of a sum: between that of independent errors, which partly cancel, and that of errors which are all
/// alike; `correlation` of the way. h^2 = (1 - correlation) sum h_i^2 + correlation (sum h_i)^2 for both sides.
CountInterval total_interval(std::span<const IntervalOfCount> counts, double correlation);

/// How often the truth lay in the intervals.
struct IntervalCoverage {
  std::int64_t images = 0;
  std::int64_t covered = 0;
  double width = 0;  ///< mean of high - low, people
};

class CoverageMeter {
 public:
  void add(const CountInterval& interval, double truth);
  IntervalCoverage result() const;

 private:
  IntervalCoverage sum_;
};

}  // namespace throng
