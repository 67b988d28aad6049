#include "confidence/count_interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/draw.h"
#include "expect_error.h"

namespace throng {
namespace {

// Pictures whose errors are ratios of known spread: truth = count e^r. Those of one place share a part of r.
std::vector<HeldOutCount> made_pictures(std::uint64_t seed, std::size_t count, double shared) {
  const Draw draw(seed, "pictures");
  const Draw places(seed, "places");
  std::vector<HeldOutCount> pictures;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = i % 7;
    const double people = std::exp(draw.uniform(3 * i, 6, 9));
    const double error = std::sqrt(shared) * places.normal(place) + std::sqrt(1 - shared) * draw.normal(100000 + i);
    pictures.push_back({{people, {}}, people * std::exp(0.2 * error), std::to_string(place)});
  }
  return pictures;
}

IntervalCalibration with_scores(std::vector<double> scores) {
  return {.floor = 10, .per_disagreement = 2, .correlation = 0, .scores = std::move(scores)};
}

TEST(Disagreement, IsTheRootMeanSquareOfLogRatios) {
  // (90 + 10) / (190 + 10) and (390 + 10) / (190 + 10)
  const double ln2 = std::log(2.0);
  EXPECT_DOUBLE_EQ(disagreement({190, {90, 390}}, 10), ln2);
  EXPECT_DOUBLE_EQ(disagreement({190, {190, 390}}, 10), ln2 / std::sqrt(2.0));
  EXPECT_EQ(disagreement({190, {}}, 10), 0);
}

// Nine scores and level 0.5: P(Binomial(9, 0.5) < 6) = 382 / 512 = 0.746 and P(Binomial(9, 0.5) < 7) = 466 / 512 =
// 0.910, so the seventh.
TEST(CountInterval, TakesTheQuantileThatHoldsForNineOfTenCalibrations) {
  const IntervalCalibration calibration = with_scores({.1, .2, .3, .4, .5, .6, .7, .8, .9});
  const CountInterval interval = count_interval(calibration, {90, {}}, 0.5);
  EXPECT_DOUBLE_EQ(interval.level, 0.5);
  EXPECT_NEAR(interval.low, 100 * std::exp(-0.7) - 10, 1e-9);
  EXPECT_NEAR(interval.high, 100 * std::exp(0.7) - 10, 1e-9);
}

// scipy.stats.binom.ppf(0.9, n, level) + 1, or n where that is more.
TEST(CountInterval, TakesTheRankThatTablesOfTheBinomialSay) {
  struct Case {
    std::size_t scores;
    double level;
    int rank;
  };
  for (const auto& [count, level, rank] :
       {Case{24, 0.9, 24}, {48, 0.9, 47}, {82, 0.9, 78}, {82, 0.5, 48}, {82, 0.98, 82}, {5000, 0.9, 4528}}) {
    std::vector<double> scores;
    for (std::size_t i = 1; i <= count; ++i) scores.push_back(static_cast<double>(i) / 1000);
    const CountInterval interval = count_interval(with_scores(scores), {90, {}}, level);
    EXPECT_NEAR(1000 * std::log((interval.high + 10) / 100), rank, 1e-6) << count << " at " << level;
  }
}

// The mixture's quantile at 0.5 is its seventh score; a kind whose own is larger makes the interval as wide as it
// needs: of four scores the ceil(5 * 0.5) = 3rd, the 4th at 0.8; at 0.9 there is no fifth, and the largest stands for
// it.
TEST(CountInterval, HoldsForEachKind) {
  IntervalCalibration calibration = with_scores({.1, .2, .3, .4, .5, .6, .7, .8, .9});
  calibration.kinds = {{.1, .2, .3, .4}, {.2, .5, .75, .95}};
  EXPECT_NEAR(count_interval(calibration, {90, {}}, 0.5).high, 100 * std::exp(0.75) - 10, 1e-9);
  EXPECT_NEAR(count_interval(calibration, {90, {}}, 0.8).high, 100 * std::exp(0.95) - 10, 1e-9);
  EXPECT_NEAR(count_interval(calibration, {90, {}}, 0.9).high, 100 * std::exp(0.95) - 10, 1e-9);
  calibration.kinds.pop_back();
  EXPECT_NEAR(count_interval(calibration, {90, {}}, 0.5).high, 100 * std::exp(0.7) - 10, 1e-9);
}

TEST(CountInterval, GrowsWithDisagreement) {
  const IntervalCalibration calibration = with_scores({.1, .2, .3, .4, .5, .6, .7, .8, .9});
  const CountInterval interval = count_interval(calibration, {190, {390}}, 0.5);
  const double width = 0.7 * (1 + 2 * std::log(2.0));
  EXPECT_NEAR(interval.low, 200 * std::exp(-width) - 10, 1e-9);
  EXPECT_NEAR(interval.high, 200 * std::exp(width) - 10, 1e-9);
}

TEST(CountInterval, NeverGoesBelowZero) {
  const IntervalCalibration calibration = with_scores({.1, .2, .3, .4, .5, .6, .7, .8, .9});
  const CountInterval interval = count_interval(calibration, {0.4, {}}, 0.9);
  EXPECT_EQ(interval.low, 0);
  EXPECT_GT(interval.high, 0.4);
}

TEST(CountInterval, RefusesLevelsThatItCannotKnow) {
  const IntervalCalibration calibration = with_scores({.1, .2, .3, .4, .5, .6, .7, .8, .9});
  EXPECT_NO_THROW(count_interval(calibration, {5, {}}, 0.9));
  expect_error(ErrorKind::usage, {"9 pictures", "0.95"}, [&] { count_interval(calibration, {5, {}}, 0.95); });
  for (const double level : {0.0, 1.0, -1.0, std::nan("")})
    expect_error(ErrorKind::usage, {"between 0 and 1"}, [&] { count_interval(calibration, {5, {}}, level); });
}

// Pictures whose opinions differ the more the worse they are counted, or that only look as if they did.
std::vector<HeldOutCount> pictures_with_opinions(std::uint64_t seed, std::size_t count, bool telling) {
  const Draw draw(seed, "opinions");
  std::vector<HeldOutCount> pictures;
  for (std::size_t i = 0; i < count; ++i) {
    const double people = std::exp(draw.uniform(7 * i, 4, 8)), spread = draw.uniform((7 * i) + 1, 0.05, 0.4);
    CountEvidence evidence{people, {}};
    for (std::size_t opinion = 0; opinion < 5; ++opinion)
      evidence.opinions.push_back(people * std::exp(spread * draw.normal(100000 + (5 * i) + opinion)));
    pictures.push_back({evidence, people * std::exp((telling ? spread : 0.2) * draw.normal(900000 + i)), ""});
  }
  return pictures;
}

// Of 82 scores the 78th lies above 0.9 of all pictures in 92 % of sets, and above 78 / 83 = 0.94 of them on average.
// Floor and per_disagreement are chosen on the same pictures, which costs some of that: a tenth of the sets at most.
TEST(CalibrateIntervals, MostCalibrationsCoverFreshPictures) {
  constexpr int kCalibrations = 200;
  constexpr std::size_t kFresh = 1000;
  for (const bool telling : {false, true}) {
    int held = 0;
    double sum = 0;
    for (std::uint64_t seed = 0; seed < kCalibrations; ++seed) {
      const std::vector<HeldOutCount> pictures = pictures_with_opinions(seed, 82 + kFresh, telling);
      const std::span<const HeldOutCount> all(pictures);
      const IntervalCalibration calibration = calibrate_intervals(all.first(82));
      CoverageMeter meter;
      for (const HeldOutCount& fresh : all.last(kFresh))
        meter.add(count_interval(calibration, fresh.evidence, 0.9), fresh.truth);
      const double share = static_cast<double>(meter.result().covered) / kFresh;
      if (share >= 0.9) ++held;
      sum += share;
    }
    EXPECT_GE(held, kCalibrations * 86 / 100) << telling;
    EXPECT_NEAR(sum / kCalibrations, 78.0 / 83, 0.015) << telling;
  }
}

// Two of three pictures are easy and one is hard, in its own place: intervals of the mixture alone cover nine of ten
// together and fewer of the hard ones.
TEST(CalibrateIntervals, CoversEachKind) {
  CoverageMeter hard;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Draw draw(seed, "kinds");
    std::vector<HeldOutCount> pictures;
    for (std::size_t i = 0; i < 180; ++i) {
      const bool is_hard = i % 3 == 0;
      const double people = 300;
      pictures.push_back(
          {{people, {}}, people * std::exp((is_hard ? 0.4 : 0.05) * draw.normal(i)), is_hard ? "h" : "e"});
    }
    const std::span<const HeldOutCount> all(pictures);
    const IntervalCalibration calibration = calibrate_intervals(all.first(90));
    EXPECT_EQ(calibration.kinds.size(), 2U);
    for (std::size_t i = 90; i < 180; i += 3)
      hard.add(count_interval(calibration, pictures[i].evidence, 0.9), pictures[i].truth);
  }
  const double share = static_cast<double>(hard.result().covered) / static_cast<double>(hard.result().images);
  EXPECT_NEAR(share, 0.9, 0.03);
}

TEST(CalibrateIntervals, PlacesOfFewPicturesAreNoKind) {
  std::vector<HeldOutCount> pictures = made_pictures(1, 60, 0);
  for (std::size_t i = 0; i < pictures.size(); ++i) pictures[i].place = i < 19 ? "few" : i < 39 ? "many" : "";
  const IntervalCalibration calibration = calibrate_intervals(pictures);
  ASSERT_EQ(calibration.kinds.size(), 1U);
  EXPECT_EQ(calibration.kinds.front().size(), 20U);
}

TEST(CalibrateIntervals, UsesDisagreementWhereItTells) {
  const Draw draw(1, "telling");
  std::vector<HeldOutCount> pictures;
  for (std::size_t i = 0; i < 200; ++i) {
    const double spread = draw.uniform(2 * i, 0, 0.5);
    const double people = 300;
    pictures.push_back({{people, {people * std::exp(spread)}}, people * std::exp(spread * draw.normal(1000 + i)), ""});
  }
  EXPECT_GT(calibrate_intervals(pictures).per_disagreement, 0);
}

TEST(CalibrateIntervals, FindsWhatPicturesOfAPlaceShare) {
  EXPECT_LT(calibrate_intervals(made_pictures(3, 700, 0)).correlation, 0.1);
  EXPECT_GT(calibrate_intervals(made_pictures(3, 700, 0.9)).correlation, 0.6);
  std::vector<HeldOutCount> apart = made_pictures(3, 30, 0);
  for (HeldOutCount& picture : apart) picture.place.clear();
  EXPECT_EQ(calibrate_intervals(apart).correlation, 1);  // nothing is known
}

TEST(CalibrateIntervals, NeedsPictures) {
  expect_error(ErrorKind::usage, {"at least 20", "19"}, [] { calibrate_intervals(made_pictures(1, 19, 0)); });
}

TEST(PartInterval, IsAsWideInProportion) {
  const IntervalCalibration calibration{.floor = 10, .scores = {}};
  const CountResult whole{.count = 90, .grid = {}, .interval = CountInterval{.level = 0.9, .low = 40, .high = 190}};
  // 100 and 200 with the floor: a factor of 2, so 30 with the floor become 15 and 60.
  const CountInterval part = part_interval(calibration, whole, 20);
  EXPECT_EQ(part.level, 0.9);
  EXPECT_NEAR(part.low, 5, 1e-9);
  EXPECT_NEAR(part.high, 50, 1e-9);
  EXPECT_NEAR(part_interval(calibration, whole, 0).high, 10, 1e-9);
  expect_error(ErrorKind::usage, {"CounterOptions::interval"},
               [&] { part_interval(calibration, {.count = 90, .grid = {}}, 20); });
}

TEST(TotalInterval, LiesBetweenIndependentAndAlike) {
  const IntervalOfCount one{100, {.level = 0.9, .low = 70, .high = 140}};
  const IntervalOfCount other{50, {.level = 0.9, .low = 10, .high = 80}};
  const std::vector<IntervalOfCount> both = {one, other};
  const CountInterval independent = total_interval(both, 0), alike = total_interval(both, 1);
  EXPECT_DOUBLE_EQ(independent.low, 150 - 50);   // 30, 40 -> 50
  EXPECT_DOUBLE_EQ(independent.high, 150 + 50);  // 40, 30 -> 50
  EXPECT_DOUBLE_EQ(alike.low, 80);
  EXPECT_DOUBLE_EQ(alike.high, 220);
  EXPECT_DOUBLE_EQ(total_interval(both, 0.5).high, 150 + std::sqrt(0.5 * 2500 + 0.5 * 4900));
  EXPECT_DOUBLE_EQ(total_interval(both, 0.5).level, 0.9);
  const CountInterval single = total_interval(std::span(both).first(1), 0.3);
  EXPECT_DOUBLE_EQ(single.low, 70);
  EXPECT_DOUBLE_EQ(single.high, 140);
}

TEST(CoverageMeter, RoundsEndsOutwards) {
  CoverageMeter meter;
  meter.add({.level = 0.9, .low = 3.4, .high = 7.2}, 3);
  meter.add({.level = 0.9, .low = 3.4, .high = 7.2}, 8);
  meter.add({.level = 0.9, .low = 3.4, .high = 7.2}, 9);
  EXPECT_EQ(meter.result().images, 3);
  EXPECT_EQ(meter.result().covered, 2);
  EXPECT_NEAR(meter.result().width, 3.8, 1e-12);
}

}  // namespace
}  // namespace throng
