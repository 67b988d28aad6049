#include "metrics/errors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "throng/error.h"

namespace throng {
namespace {

TEST(ErrorMeter, NothingAddedGivesNoNumber) {
  const CountErrors errors = ErrorMeter().result();
  EXPECT_TRUE(std::isnan(errors.mae));
  EXPECT_TRUE(std::isnan(errors.rmse));
  EXPECT_TRUE(std::isnan(errors.nae));
  EXPECT_EQ(errors.images, 0);
}

TEST(ErrorMeter, MatchesAHandCalculation) {
  ErrorMeter meter;
  meter.add(110, 100);  // error 10, a tenth of the truth
  meter.add(40, 50);    // 10, a fifth
  meter.add(7, 0);      // 7, left out of NAE
  const CountErrors errors = meter.result();
  EXPECT_DOUBLE_EQ(errors.mae, 9.0);
  EXPECT_DOUBLE_EQ(errors.rmse, std::sqrt(249.0 / 3.0));
  EXPECT_DOUBLE_EQ(errors.nae, 0.15);
  EXPECT_EQ(errors.images, 3);
}

TEST(ErrorMeter, OnlyEmptyImagesHaveNoNormalisedError) {
  ErrorMeter meter;
  meter.add(3, 0);
  EXPECT_TRUE(std::isnan(meter.result().nae));
  EXPECT_EQ(meter.result().mae, 3);
}

TEST(Game, MapsMatchAHandCalculation) {
  // 3 x 2 pixels: at level 1 the columns are {0}, {1, 2} and the rows {0}, {1}.
  const std::vector<float> predicted = {1, 2, 3, 4, 5, 6};
  const std::vector<float> truth = {2, 2, 1, 4, 8, 2};
  // Differences: -1 0 2 / 0 -3 4. Level 0: |2|; level 1: |-1| + |2| + |0| + |1|.
  EXPECT_DOUBLE_EQ(game(predicted, truth, 3, 2, 0), 2);
  EXPECT_DOUBLE_EQ(game(predicted, truth, 3, 2, 1), 4);
  // Level 2 has more cells than pixels: every pixel stands alone.
  EXPECT_DOUBLE_EQ(game(predicted, truth, 3, 2, 2), 10);
}

TEST(Game, PointsCountInTheirCell) {
  const std::vector<float> predicted(16, 0.25F);  // 4 x 4 pixels, one person in each quarter
  const std::vector<Point> truth = {{0.5, 0.5}, {1.999, 1.0}, {2.0, 1.999}, {3.5, 3.5}};
  // Quarters hold 2, 1, 0 and 1 true heads.
  EXPECT_DOUBLE_EQ(game(predicted, truth, 4, 4, 0), 0);
  EXPECT_DOUBLE_EQ(game(predicted, truth, 4, 4, 1), 2);
}

TEST(Game, PointsOutsideCountInTheNearestCell) {
  const std::vector<float> nobody(16, 0.0F);
  std::vector<float> corners = nobody;
  corners[0] = corners[3] = corners[12] = corners[15] = 1;
  const std::vector<Point> truth = {{-7, -0.1}, {4.0, -3}, {-1e300, 4}, {1e300, 1e300}};
  EXPECT_DOUBLE_EQ(game(corners, truth, 4, 4, 2), 0);
  EXPECT_DOUBLE_EQ(game(nobody, truth, 4, 4, 2), 4);
}

TEST(Game, NeverFallsWithTheLevel) {
  const int width = 37;
  const int height = 23;
  std::vector<float> predicted(width * height);
  std::vector<float> truth(width * height);
  for (int i = 0; i < width * height; ++i) {
    predicted[i] = static_cast<float>((i * 7919) % 101) / 101.0F;
    truth[i] = static_cast<float>((i * 104729) % 97) / 97.0F;
  }
  double before = game(predicted, truth, width, height, 0);
  for (int level = 1; level <= 4; ++level) {
    const double now = game(predicted, truth, width, height, level);
    EXPECT_GE(now, before - 1e-9);
    before = now;
  }
}

TEST(Game, RefusesWhatDoesNotFit) {
  const std::vector<float> six(6);
  const std::vector<float> five(5);
  EXPECT_THROW(game(five, six, 3, 2, 1), Error);
  EXPECT_THROW(game(six, five, 3, 2, 1), Error);
  EXPECT_THROW(game(five, std::vector<Point>{}, 3, 2, 1), Error);
  EXPECT_THROW(game(six, six, -3, -2, 1), Error);
  EXPECT_THROW(game(six, six, 3, 2, -1), Error);
  EXPECT_THROW(game(six, six, 3, 2, 31), Error);
  try {
    game(five, six, 3, 2, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_STREQ(
        error.what(),
        "GAME: the predicted map has 5 values, its size is given as 3x2; pass width * height values, row by row");
  }
}

}  // namespace
}  // namespace throng
