#include "confidence/familiarity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/draw.h"
#include "expect_error.h"

namespace throng {
namespace {

TEST(Familiarity, IsTheMeanSquaredScore) {
  const Familiarity familiarity{.mean = {1, 10}, .deviation = {0.5, 2}, .usual = 2};
  const std::vector<double> features = {2, 8};  // scores 2 and -1
  EXPECT_DOUBLE_EQ(unfamiliarity(familiarity, features), (4 + 1) / 2.0 / 2);
}

TEST(Familiarity, IsExceededByOneKnownPictureInFifty) {
  const Draw draw(1, "familiar");
  std::vector<std::vector<double>> pictures;
  for (std::size_t i = 0; i < 500; ++i) pictures.push_back({draw.normal(2 * i), 5 + 3 * draw.normal(2 * i + 1)});
  const Familiarity familiarity = measure_familiarity(pictures);
  EXPECT_NEAR(familiarity.mean[1], 5, 0.5);
  EXPECT_NEAR(familiarity.deviation[1], 3, 0.3);
  std::int64_t unlike = 0;
  for (const std::vector<double>& features : pictures) unlike += unfamiliarity(familiarity, features) > 1 ? 1 : 0;
  EXPECT_EQ(unlike, 10);
  EXPECT_GT(unfamiliarity(familiarity, std::vector<double>{9, 40}), 3);
}

TEST(Familiarity, BearsFeaturesThatNeverVary) {
  const std::vector<std::vector<double>> pictures(20, {0.5, 0.25});
  const Familiarity familiarity = measure_familiarity(pictures);
  EXPECT_TRUE(std::isfinite(unfamiliarity(familiarity, pictures.front())));
  EXPECT_LE(unfamiliarity(familiarity, pictures.front()), 1);
}

TEST(Familiarity, RefusesOtherFeaturesAndTooFewPictures) {
  const Familiarity familiarity{.mean = {1}, .deviation = {1}, .usual = 1};
  expect_error(ErrorKind::model, {"1 feature", "2"}, [&] { unfamiliarity(familiarity, std::vector<double>{1, 2}); });
  const std::vector<std::vector<double>> few(19, {1.0});
  expect_error(ErrorKind::usage, {"at least 20", "19"}, [&] { measure_familiarity(few); });
}

}  // namespace
}  // namespace throng
