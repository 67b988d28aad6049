#include "metrics/levels.h"

#include <gtest/gtest.h>

#include <cmath>

namespace throng {
namespace {

TEST(LevelMeter, SortsByTheTrueCount) {
  LevelMeter meter;
  meter.add(10, 0);
  meter.add(40, 50);
  meter.add(60, 51);
  meter.add(480, 500);
  meter.add(1000, 501);
  const std::vector<CountErrors> levels = meter.by_level();
  ASSERT_EQ(levels.size(), 3U);
  EXPECT_EQ(levels[0].images, 2);
  EXPECT_DOUBLE_EQ(levels[0].mae, 10);
  EXPECT_EQ(levels[1].images, 2);
  EXPECT_DOUBLE_EQ(levels[1].mae, 14.5);
  EXPECT_DOUBLE_EQ(levels[2].mae, 499);
  EXPECT_EQ(meter.overall().images, 5);
  EXPECT_DOUBLE_EQ(meter.overall().mae, (10 + 10 + 9 + 20 + 499) / 5.0);
}

TEST(LevelMeter, EmptyLevelSaysSo) {
  LevelMeter meter;
  meter.add(1, 1);
  EXPECT_EQ(meter.by_level()[2].images, 0);
  EXPECT_TRUE(std::isnan(meter.by_level()[2].mae));
}

}  // namespace
}  // namespace throng
