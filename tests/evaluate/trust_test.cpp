#include "evaluate/trust.h"

#include <gtest/gtest.h>

#include <numeric>

namespace throng {
namespace {

CountResult counted(double count, double low, double high, double unfamiliarity) {
  return {.count = count,
          .grid = {},
          .interval = CountInterval{.level = 0.8, .low = low, .high = high},
          .unfamiliarity = unfamiliarity};
}

// As wide as all intervals together.
CountInterval sum_of(std::span<const CountResult> results) {
  CountInterval sum{.level = 0.8};
  for (const CountResult& result : results) {
    sum.low += result.interval->low;
    sum.high += result.interval->high;
  }
  return sum;
}

TEST(TrustMeter, CountsWhatIsCoveredByLevelAndInSums) {
  TrustMeter meter;
  for (int i = 0; i < 20; ++i) meter.add(counted(100, 90, 110, 0.5), i % 4 == 0 ? 120 : 105);  // 5 of 20 outside
  meter.add(counted(600, 500, 700, 1.5), 650);
  Evaluation evaluation;
  meter.write(evaluation, {.of_total = sum_of});
  ASSERT_TRUE(evaluation.intervals);
  EXPECT_EQ(evaluation.intervals->level, 0.8);
  EXPECT_EQ(evaluation.intervals->overall.images, 21);
  EXPECT_EQ(evaluation.intervals->overall.covered, 16);
  EXPECT_NEAR(evaluation.intervals->overall.width, (20 * 20 + 200) / 21.0, 1e-12);
  EXPECT_EQ(evaluation.intervals->by_level[0].images, 0);
  EXPECT_EQ(evaluation.intervals->by_level[1].covered, 15);
  EXPECT_EQ(evaluation.intervals->by_level[2].covered, 1);
  EXPECT_EQ(evaluation.intervals->totals.images, 2);
  ASSERT_TRUE(evaluation.familiarity);
  EXPECT_EQ(evaluation.familiarity->familiar.images, 20);
  EXPECT_EQ(evaluation.familiarity->unfamiliar.images, 1);
  EXPECT_EQ(evaluation.familiarity->unfamiliar.mae, 50);
}

TEST(TrustMeter, IsSilentWhereNothingWasPromised) {
  TrustMeter meter;
  meter.add({.count = 3, .grid = {}}, 4);
  Evaluation evaluation;
  meter.write(evaluation, {});
  EXPECT_FALSE(evaluation.intervals);
  EXPECT_FALSE(evaluation.familiarity);
}

}  // namespace
}  // namespace throng
