#include "confidence/count_interval.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::size_t kFewestPictures = 20;  // for a calibration, and for a kind of its own in it
constexpr std::size_t kFolds = 5;
constexpr std::array kFloors = {2.0, 5.0, 10.0, 20.0, 50.0};
constexpr std::array kPerDisagreement = {0.0, 1.0, 2.0, 4.0, 8.0, 16.0};
// The share of all sets of held-out pictures that would give intervals which hold as often as they say.
constexpr double kConfidence = 0.9;

struct Choice {
  double floor = 0;
  double per_disagreement = 0;
};

double ratio(const HeldOutCount& picture, double floor) {
  return std::log((std::max(picture.truth, 0.0) + floor) / (std::max(picture.evidence.count, 0.0) + floor));
}

double difficulty(const CountEvidence& evidence, const Choice& choice) {
  return 1 + choice.per_disagreement * disagreement(evidence, choice.floor);
}

double signed_score(const HeldOutCount& picture, const Choice& choice) {
  return ratio(picture, choice.floor) / difficulty(picture.evidence, choice);
}

CountInterval around(double count, double log_width, double floor, double level) {
  const double shifted = std::max(count, 0.0) + floor;
  return {.level = level,
          .low = std::max(0.0, shifted * std::exp(-log_width) - floor),
          .high = std::max(count, shifted * std::exp(log_width) - floor)};
}

// The k-th of ascending scores, or the last where there is no such; k from 1.
double ranked(std::span<const double> scores, std::size_t k) {
  return scores[std::clamp<std::size_t>(k, 1, scores.size()) - 1];
}

// That below which a fraction `level` of all pictures lies on average over all sets of n held-out pictures.
std::size_t rank_on_average(std::size_t n, double level) {
  return static_cast<std::size_t>(std::ceil(static_cast<double>(n + 1) * level - 1e-9));
}

// The least below which that fraction lies with probability kConfidence: it is at least Beta(k, n + 1 - k) distributed,
// and P(Beta >= level) = P(Binomial(n, level) < k).
std::size_t rank_with_confidence(std::size_t n, double level) {
  double log_term = static_cast<double>(n) * std::log1p(-level);  // ln P(Binomial(n, level) = 0), which may underflow
  double below = std::exp(log_term);
  std::size_t k = 1;
  for (; k <= n && below < kConfidence; ++k) {
    log_term +=
        std::log(static_cast<double>(n - k + 1) / static_cast<double>(k)) + std::log(level) - std::log1p(-level);
    below += std::exp(log_term);
  }
  return k;
}

// What holds for the mixture and for every kind in it. Of a kind there are so few pictures that to be confident of it
// would be to go by the worst one.
double widest_quantile(const IntervalCalibration& calibration, double level) {
  double widest = ranked(calibration.scores, rank_with_confidence(calibration.scores.size(), level));
  for (const std::vector<double>& kind : calibration.kinds)
    widest = std::max(widest, ranked(kind, rank_on_average(kind.size(), level)));
  return widest;
}

// The ascending scores of each place that has enough pictures.
std::vector<std::vector<double>> scores_of_kinds(std::span<const HeldOutCount> pictures,
                                                 std::span<const double> scores) {
  std::map<std::string, std::vector<double>> places;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (!pictures[i].place.empty()) places[pictures[i].place].push_back(scores[i]);
  }
  std::vector<std::vector<double>> kinds;
  for (auto& [name, kind] : places) {
    if (kind.size() < kFewestPictures) continue;
    std::ranges::sort(kind);
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

// The negative logarithm of the truths' likelihood, were their scores of a Laplace distribution with the scale that
// fits best. It looks at every picture; how wide intervals would be depends, with so few, on the score of one of them.
double cost(const std::vector<const HeldOutCount*>& pictures, const Choice& choice) {
  double scores = 0, logarithms = 0;
  for (const HeldOutCount* picture : pictures) {
    scores += std::abs(signed_score(*picture, choice));
    // dt of a score: the ratio's derivative is 1 / (t + floor).
    logarithms +=
        std::log(difficulty(picture->evidence, choice)) + std::log(std::max(picture->truth, 0.0) + choice.floor);
  }
  const auto n = static_cast<double>(pictures.size());
  return n * std::log(scores / n) + logarithms;
}

Choice best_choice(const std::vector<const HeldOutCount*>& pictures) {
  Choice best{kFloors.front(), kPerDisagreement.front()};
  double least = cost(pictures, best);
  for (const double floor : kFloors) {
    for (const double per_disagreement : kPerDisagreement) {
      const Choice choice{floor, per_disagreement};
      if (const double found = cost(pictures, choice); found < least) {
        least = found;
        best = choice;
      }
    }
  }
  return best;
}

// Mean product of two scores of one place over the mean square: 1 where all err alike, a bias of all pictures included.
double correlation_of(std::span<const HeldOutCount> pictures, const Choice& choice) {
  struct Place {
    double sum = 0, squares = 0;
    std::int64_t images = 0;
  };
  std::map<std::string, Place> places;
  double squares = 0;
  for (const HeldOutCount& picture : pictures) {
    const double score = signed_score(picture, choice);
    squares += score * score;
    Place& place = places[picture.place];
    place.sum += score;
    place.squares += score * score;
    ++place.images;
  }
  double products = 0;
  double pairs = 0;
  for (const auto& [name, place] : places) {
    if (name.empty()) continue;
    products += place.sum * place.sum - place.squares;
    pairs += static_cast<double>(place.images) * static_cast<double>(place.images - 1);
  }
  if (pairs == 0 || squares == 0) return 1;  // nothing is known, so the worst is taken
  return std::clamp(products / pairs / (squares / static_cast<double>(pictures.size())), 0.0, 1.0);
}

}  // namespace

double disagreement(const CountEvidence& evidence, double floor) {
  if (evidence.opinions.empty()) return 0;
  double squares = 0;
  for (const double opinion : evidence.opinions) {
    const double difference = std::log((std::max(opinion, 0.0) + floor) / (std::max(evidence.count, 0.0) + floor));
    squares += difference * difference;
  }
  return std::sqrt(squares / static_cast<double>(evidence.opinions.size()));
}

IntervalCalibration calibrate_intervals(std::span<const HeldOutCount> pictures) {
  if (pictures.size() < kFewestPictures) {
    throw Error(ErrorKind::usage, text("intervals need at least ", kFewestPictures,
                                       " held-out pictures with annotations, and there are ", pictures.size()));
  }
  std::vector<const HeldOutCount*> all;
  for (const HeldOutCount& picture : pictures) all.push_back(&picture);
  const Choice chosen = best_choice(all);
  std::vector<double> scores(pictures.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<const HeldOutCount*> others;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % kFolds != fold) others.push_back(all[i]);
    }
    const Choice choice = best_choice(others);
    // Ratios with another floor are on another scale; only the difficulty's weight is left to the others.
    for (std::size_t i = fold; i < all.size(); i += kFolds)
      scores[i] = std::abs(signed_score(pictures[i], {chosen.floor, choice.per_disagreement}));
  }
  IntervalCalibration calibration{.floor = chosen.floor,
                                  .per_disagreement = chosen.per_disagreement,
                                  .correlation = correlation_of(pictures, chosen),
                                  .scores = scores,
                                  .kinds = scores_of_kinds(pictures, scores)};
  std::ranges::sort(calibration.scores);
  return calibration;
}

CountInterval count_interval(const IntervalCalibration& calibration, const CountEvidence& evidence, double level) {
  if (!(level > 0 && level < 1)) {
    throw Error(ErrorKind::usage,
                text("an interval's level is ", level, "; give a number between 0 and 1, such as 0.9"));
  }
  const auto scores = static_cast<double>(calibration.scores.size());
  if (calibration.scores.empty() || rank_on_average(calibration.scores.size(), level) > calibration.scores.size()) {
    throw Error(ErrorKind::usage, text("the model's intervals were calibrated on ", calibration.scores.size(),
                                       " pictures, too few for a level of ", level, ": give ",
                                       std::floor(1000 * scores / (scores + 1)) / 1000, " at most"));
  }
  const Choice choice{calibration.floor, calibration.per_disagreement};
  return around(evidence.count, widest_quantile(calibration, level) * difficulty(evidence, choice), choice.floor,
                level);
}

CountInterval part_interval(const IntervalCalibration& calibration, const CountResult& whole, double people) {
  if (!whole.interval) {
    throw Error(ErrorKind::usage,
                "a part has an interval where the whole has one: set CounterOptions::interval to its level");
  }
  const double floor = calibration.floor;
  const double log_width = std::log((whole.interval->high + floor) / (std::max(whole.count, 0.0) + floor));
  return around(people, log_width, floor, whole.interval->level);
}

CountInterval total_interval(std::span<const IntervalOfCount> counts, double correlation) {
  double total = 0, below = 0, above = 0, below_squared = 0, above_squared = 0;
  for (const auto& [count, interval] : counts) {
    const double low = count - interval.low, high = interval.high - count;
    total += count;
    below += low;
    above += high;
    below_squared += low * low;
    above_squared += high * high;
  }
  const auto combined = [&](double sum, double squares) {
    return std::sqrt((1 - correlation) * squares + correlation * sum * sum);
  };
  return {.level = counts.empty() ? 0 : counts.front().interval.level,
          .low = std::max(0.0, total - combined(below, below_squared)),
          .high = total + combined(above, above_squared)};
}

void CoverageMeter::add(const CountInterval& interval, double truth) {
  ++sum_.images;
  // A count of 11.6 people stands for 12: the ends are rounded outwards.
  if (std::floor(interval.low) <= truth && truth <= std::ceil(interval.high)) ++sum_.covered;
  sum_.width += interval.high - interval.low;
}

IntervalCoverage CoverageMeter::result() const {
  IntervalCoverage coverage = sum_;
  if (coverage.images > 0) coverage.width /= static_cast<double>(coverage.images);
  return coverage;
}

}  // namespace throng
