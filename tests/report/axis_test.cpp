#include "report/axis.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace throng {
namespace {

using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Axis::Kind;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(LinearTicks, AreMultiplesOfOneTwoOrFive) {
  EXPECT_THAT(linear_ticks(0, 10, 6), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(linear_ticks(0, 10, 5), ElementsAre(0, 5, 10));
  EXPECT_THAT(linear_ticks(0, 10, 11), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_THAT(linear_ticks(3, 41, 5), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT(linear_ticks(-7, 12, 5), ElementsAre(-5, 0, 5, 10));
  EXPECT_THAT(linear_ticks(1013, 1027, 4), ElementsAre(1015, 1020, 1025));
}

// 0.1 * 3 is not 0.3 in binary, and the last tick must not be lost to rounding.
TEST(LinearTicks, AreTheNearestNumbersToTheirDecimals) {
  EXPECT_THAT(linear_ticks(0, 0.3, 4), ElementsAre(0.0, 0.1, 0.2, 0.3));
  EXPECT_THAT(linear_ticks(0, 3e-4, 4), ElementsAre(0.0, 1e-4, 2e-4, 3e-4));
  EXPECT_THAT(linear_ticks(0, 6e22, 4), ElementsAre(0.0, 2e22, 4e22, 6e22));
}

TEST(LogarithmicTicks, ArePowersOfTenWithTheirDoublesAndFivefold) {
  EXPECT_THAT(logarithmic_ticks(1, 100, 7), ElementsAre(1, 2, 5, 10, 20, 50, 100));
  EXPECT_THAT(logarithmic_ticks(1, 100, 6), ElementsAre(1, 10, 100));
  EXPECT_THAT(logarithmic_ticks(0.03, 700, 6), ElementsAre(0.1, 1, 10, 100));
  EXPECT_THAT(logarithmic_ticks(1e-6, 1e6, 6), ElementsAre(1e-6, 1e-3, 1, 1e3, 1e6));
}

TEST(LogarithmicTicks, AreThoseOfALinearAxisWhereThatHasTooFew) {
  EXPECT_THAT(logarithmic_ticks(61, 79, 5), ElementsAre(65, 70, 75));
}

TEST(TickLabels, AgreeInTheirDecimals) {
  EXPECT_THAT(tick_labels({0, 0.5, 1}), ElementsAre("0", "0.5", "1.0"));
  EXPECT_THAT(tick_labels({0, 0.05, 0.1}), ElementsAre("0", "0.05", "0.10"));
  EXPECT_THAT(tick_labels({-200, 0, 200}), ElementsAre("-200", "0", "200"));
  EXPECT_THAT(tick_labels({9000, 10000, 11000}), ElementsAre("9000", "10\u2009000", "11\u2009000"));
  EXPECT_THAT(tick_labels({-1200000}), ElementsAre("-1\u2009200\u2009000"));
  EXPECT_THAT(tick_labels({}), IsEmpty());
}

TEST(TickLabels, OfDecadesHaveTheDecimalsThatEachNeeds) {
  EXPECT_THAT(tick_labels({0.01, 1, 100}), ElementsAre("0.01", "1", "100"));
}

TEST(TickLabels, AreWrittenWithAPowerOfTenWhereTheyWouldBeLong) {
  EXPECT_THAT(tick_labels({0, 1e-5, 2e-5}), ElementsAre("0", "1e-5", "2e-5"));
  EXPECT_THAT(tick_labels({0, 1.5e9}), ElementsAre("0", "1.5e9"));
}

TEST(ShortNumber, HasFourDigits) {
  EXPECT_EQ(short_number(79.09859), "79.1");
  EXPECT_EQ(short_number(3.14159), "3.142");
  EXPECT_EQ(short_number(0.000312345), "0.0003123");
  EXPECT_EQ(short_number(1.23456e-7), "1.235e-7");
  EXPECT_EQ(short_number(12345.6), "12346");
  EXPECT_EQ(short_number(-2.5), "-2.5");
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(40), "40");
  EXPECT_EQ(short_number(kNan), "nan");
}

TEST(Axis, LinearMapsValuesToPositions) {
  const Axis axis(Kind::linear, {3, 41}, 100, 500, 5);
  // Ticks every 10 around 3 .. 41.
  EXPECT_DOUBLE_EQ(axis.low(), 0);
  EXPECT_DOUBLE_EQ(axis.high(), 50);
  EXPECT_THAT(axis.ticks(), ElementsAre(0, 10, 20, 30, 40, 50));
  EXPECT_DOUBLE_EQ(axis.at(0), 100);
  EXPECT_DOUBLE_EQ(axis.at(25), 300);
  EXPECT_DOUBLE_EQ(axis.at(50), 500);
}

TEST(Axis, GoesUpWhereItEndsAboveItsStart) {
  const Axis axis(Kind::linear, {0, 10}, 300, 0, 6);
  EXPECT_DOUBLE_EQ(axis.at(0), 300);
  EXPECT_DOUBLE_EQ(axis.at(2.5), 225);
}

TEST(Axis, ContainsZeroWhereAskedTo) {
  EXPECT_DOUBLE_EQ(Axis(Kind::linear, {91, 99}, 0, 1, 6, true).low(), 0);
  EXPECT_DOUBLE_EQ(Axis(Kind::linear, {-99, -91}, 0, 1, 6, true).high(), 0);
  EXPECT_DOUBLE_EQ(Axis(Kind::linear, {91, 99}, 0, 1, 6, false).low(), 90);
}

TEST(Axis, KeepsToItsValuesWhereAskedTo) {
  const Axis axis(Kind::linear, {1, 46}, 0, 450, 10, false, false);
  EXPECT_DOUBLE_EQ(axis.low(), 1);
  EXPECT_DOUBLE_EQ(axis.high(), 46);
  EXPECT_DOUBLE_EQ(axis.at(11), 100);
  EXPECT_THAT(axis.ticks(), ElementsAre(5, 10, 15, 20, 25, 30, 35, 40, 45));
}

TEST(Axis, LogarithmicGivesEachDecadeTheSameRoom) {
  const Axis axis(Kind::logarithmic, {1, 1000}, 0, 300, 6);
  EXPECT_THAT(axis.at(10) - axis.at(1), DoubleNear(axis.at(1000) - axis.at(100), 1e-9));
  EXPECT_THAT(axis.at(10) - axis.at(1), DoubleNear(300 * std::log(10) / std::log(1000 * 1.08 * 1.08), 1e-9));
}

TEST(Axis, LeavesOutWhatHasNoPlace) {
  const Axis linear(Kind::linear, {kNan, 2, kInfinity, 4}, 0, 1, 6);
  EXPECT_DOUBLE_EQ(linear.low(), 2);
  EXPECT_DOUBLE_EQ(linear.high(), 4);
  EXPECT_FALSE(linear.shows(kNan));
  EXPECT_FALSE(linear.shows(-kInfinity));
  EXPECT_TRUE(linear.shows(-1));
  const Axis logarithmic(Kind::logarithmic, {-3, 0, 2, 4}, 0, 1, 6);
  EXPECT_FALSE(logarithmic.shows(0));
  EXPECT_FALSE(logarithmic.shows(-3));
  EXPECT_GT(logarithmic.low(), 1);
}

TEST(Axis, HasRoomForOneValueAndForNone) {
  const Axis one(Kind::linear, {7, 7}, 0, 100, 6);
  EXPECT_LT(one.low(), 7);
  EXPECT_GT(one.high(), 7);
  const Axis zero(Kind::linear, {0}, 0, 100, 6);
  EXPECT_DOUBLE_EQ(zero.at(0), 50);
  const Axis logarithmic(Kind::logarithmic, {5}, 0, 100, 6);
  EXPECT_LT(logarithmic.low(), 5);
  EXPECT_GT(logarithmic.high(), 5);
  const Axis none(Kind::linear, {}, 0, 100, 6);
  EXPECT_DOUBLE_EQ(none.low(), 0);
  EXPECT_DOUBLE_EQ(none.high(), 1);
}

TEST(MovingAverage, IsTheMeanOfTheNeighbours) {
  // Near the ends fewer, as many on both sides: a line that rises keeps its ends.
  EXPECT_THAT(moving_average({1, 2, 6, 4, 12}, 3), ElementsAre(1, 3, 4, DoubleEq(22.0 / 3), 12));
  EXPECT_THAT(moving_average({1, 2, 6, 4, 12}, 5), ElementsAre(1, 3, 5, DoubleEq(22.0 / 3), 12));
  EXPECT_THAT(moving_average({1, 2, 6}, 1), ElementsAre(1, 2, 6));
  EXPECT_THAT(moving_average({}, 3), IsEmpty());
}

TEST(MovingAverage, KeepsGaps) {
  const std::vector<double> means = moving_average({1, kNan, 3, 5, 4}, 3);
  EXPECT_TRUE(std::isnan(means[1]));
  EXPECT_DOUBLE_EQ(means[2], 4);
  EXPECT_DOUBLE_EQ(means[3], 4);
}

}  // namespace
}  // namespace throng
