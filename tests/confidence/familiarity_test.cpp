#include "confidence/familiarity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/draw.h"
#include "expect_error.h"

namespace throng {
namespace {

TEST(Familiarity, IsTheDistanceToTheNearestKnownPicture) {
  const Familiarity familiarity{
      .groups = {{.name = "light", .pictures = {{0}, {10}}, .deviation = {2}, .usual = 1.5},
                 {.name = "colour", .pictures = {{0, 0}, {50, 0}}, .deviation = {1, 2}, .usual = 5}}};
  // 3 from the second picture, which is 1.5 deviations; sqrt((3^2 + 4^2) / 2) from the first.
  const Unfamiliarity colour = unfamiliarity(familiarity, {{"light", {7}}, {"colour", {3, 8}}});
  EXPECT_DOUBLE_EQ(colour.distance, 1);
  EXPECT_EQ(colour.group, "light");
  const Unfamiliarity light = unfamiliarity(familiarity, {{"light", {9}}, {"colour", {3, 8}}});
  EXPECT_DOUBLE_EQ(light.distance, std::sqrt(12.5) / 5);
  EXPECT_EQ(light.group, "colour");
}

TEST(Familiarity, WherePicturesAreOfOneKindAllOfThemCount) {
  const Familiarity familiarity{
      .groups = {
          {.name = "gates", .pictures = {{0, 0}, {4, 2}}, .deviation = {2, 1}, .usual = 2, .several_kinds = false}}};
  // From (4, 0): squares of scores 4 + 0 and 0 + 4, the mean of all four is 2.
  EXPECT_DOUBLE_EQ(unfamiliarity(familiarity, {{"gates", {4, 0}}}).distance, std::sqrt(2.0) / 2);
}

// Pictures of two kinds, far from each other.
std::vector<PictureFeatures> drawn_pictures(std::uint64_t seed, std::size_t count) {
  const Draw draw(seed, "familiar");
  std::vector<PictureFeatures> pictures;
  for (std::size_t i = 0; i < count; ++i) {
    const double kind = i % 2 == 0 ? 0 : 20;
    pictures.push_back({{"light", {kind + draw.normal(3 * i), 5 + 3 * draw.normal(3 * i + 1)}},
                        {"colour", {kind / 2 + draw.normal(3 * i + 2)}},
                        {"gates", {draw.normal(3 * i), draw.normal(3 * i + 2)}, false}});
  }
  return pictures;
}

std::vector<double> column(const std::vector<std::vector<double>>& rows, std::size_t feature) {
  std::vector<double> values;
  for (const std::vector<double>& row : rows) values.push_back(row[feature]);
  return values;
}

double deviation_of(const std::vector<double>& values) {
  double mean = 0, variance = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) variance += std::pow(value - mean, 2) / static_cast<double>(values.size());
  return std::sqrt(variance);
}

// How far a picture is from the others, which are looked at as if it had never been there.
double left_out_distance(std::vector<std::vector<double>> pictures, std::size_t index, bool to_nearest) {
  const std::vector<double> left_out = pictures[index];
  pictures.erase(pictures.begin() + static_cast<std::ptrdiff_t>(index));
  std::vector<double> distances;
  for (const std::vector<double>& other : pictures) {
    double sum = 0;
    for (std::size_t f = 0; f < other.size(); ++f) {
      sum += std::pow((left_out[f] - other[f]) / deviation_of(column(pictures, f)), 2);
    }
    distances.push_back(std::sqrt(sum / static_cast<double>(other.size())));
  }
  if (to_nearest) return *std::ranges::min_element(distances);
  double squares = 0;
  for (const double distance : distances) squares += distance * distance;
  return std::sqrt(squares / static_cast<double>(distances.size()));
}

TEST(Familiarity, TheLimitIsThatOfPicturesLeftOut) {
  const Familiarity familiarity = measure_familiarity(drawn_pictures(1, 25));
  ASSERT_EQ(familiarity.groups.size(), 3U);
  std::vector<double> largest(25), usual;
  for (const KnownFeatures& known : familiarity.groups) {
    ASSERT_EQ(known.pictures.size(), 25U);
    EXPECT_NEAR(known.deviation.front(), deviation_of(column(known.pictures, 0)), 1e-9);
    std::vector<double> distances;
    for (std::size_t i = 0; i < 25; ++i)
      distances.push_back(left_out_distance(known.pictures, i, known.name != "gates"));
    std::vector<double> sorted = distances;
    std::ranges::sort(sorted);
    usual.push_back(sorted[23]);  // ceil(0.95 * 25) = 24
    for (std::size_t i = 0; i < 25; ++i) largest[i] = std::max(largest[i], distances[i] / usual.back());
  }
  std::ranges::sort(largest);
  for (std::size_t group = 0; group < 3; ++group) {
    EXPECT_NEAR(familiarity.groups[group].usual, usual[group] * largest[24], 1e-9);  // ceil(0.95 * 26) = 25
  }
}

TEST(Familiarity, OneNewPictureInTwentyIsUnlike) {
  const Familiarity familiarity = measure_familiarity(drawn_pictures(2, 400));
  int unlike = 0;
  for (const PictureFeatures& features : drawn_pictures(3, 4000)) {
    unlike += unfamiliarity(familiarity, features).distance > 1 ? 1 : 0;
  }
  EXPECT_GE(unlike, 100);  // 200 are expected, give or take what 400 pictures do not know
  EXPECT_LE(unlike, 320);
  // Between the two kinds is none of them, however near their common mean.
  EXPECT_GT(unfamiliarity(familiarity, {{"light", {10, 5}}, {"colour", {5}}, {"gates", {0, 0}}}).distance, 2);
}

TEST(Familiarity, BearsFeaturesThatNeverVary) {
  const std::vector<PictureFeatures> pictures(20, {{"light", {0.5, 0.25}}});
  const Familiarity familiarity = measure_familiarity(pictures);
  EXPECT_EQ(unfamiliarity(familiarity, pictures.front()).distance, 0);
  const double other = unfamiliarity(familiarity, {{"light", {0.5, 0.5}}}).distance;
  EXPECT_TRUE(std::isfinite(other) && other > 1);
}

TEST(Familiarity, OfManyPicturesSomeAreKept) {
  std::vector<PictureFeatures> pictures;
  for (int i = 0; i < 4000; ++i) pictures.push_back({{"light", {static_cast<double>(i)}}});
  const Familiarity familiarity = measure_familiarity(pictures);
  ASSERT_EQ(familiarity.groups[0].pictures.size(), 2000U);
  EXPECT_EQ(familiarity.groups[0].pictures[1].front(), 2);  // from all of them
}

TEST(Familiarity, RefusesOtherFeaturesAndTooFewPictures) {
  const Familiarity familiarity{.groups = {{.name = "light", .pictures = {{1}}, .deviation = {1}, .usual = 1}}};
  const auto refused = [&](const PictureFeatures& features) {
    expect_error(ErrorKind::model, {"other features", "throng model calibrate"},
                 [&] { unfamiliarity(familiarity, features); });
  };
  refused({{"light", {1, 2}}});
  refused({{"colour", {1}}});
  refused({{"light", {1}}, {"colour", {1}}});
  const std::vector<PictureFeatures> few(19, {{"light", {1}}});
  expect_error(ErrorKind::usage, {"at least 20", "19"}, [&] { measure_familiarity(few); });
}

}  // namespace
}  // namespace throng
