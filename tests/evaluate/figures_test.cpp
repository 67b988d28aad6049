#include "evaluate/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/density.h"
#include "evaluate/masks.h"
#include "metrics/maps.h"
#include "temporary_folder.h"

namespace throng {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

constexpr int kSide = 32;  ///< of the pictures
constexpr int kCells = 8;  ///< of their grids: a cell is 4 x 4 pixels

struct People {
  int column = 0;
  int row = 0;
  float people = 0;
};

CountResult result_of(const std::vector<People>& cells) {
  CountResult result{.count = 0, .width = kSide, .height = kSide, .grid = {kCells, kCells, {}}};
  result.grid.values.resize(static_cast<std::size_t>(kCells * kCells));
  for (const People& cell : cells) {
    result.grid.values[static_cast<std::size_t>(cell.row * kCells + cell.column)] = cell.people;
    result.count += cell.people;
  }
  return result;
}

CountResult spread(float people) {
  CountResult result = result_of({});
  std::ranges::fill(result.grid.values, people / static_cast<float>(kCells * kCells));
  result.count = people;
  return result;
}

ManifestEntry entry_with(std::vector<Point> points) {
  return {.image = "a.png", .width = kSide, .height = kSide, .points = std::move(points), .split = "test", .group = {}};
}

ManifestEntry crowd(std::size_t people) { return entry_with(std::vector<Point>(people, Point{5, 5})); }

Evaluation written(const Figures& figures) {
  Evaluation evaluation;
  figures.write(evaluation);
  return evaluation;
}

TEST(Figures, FollowFromCounts) {
  const EvaluationOptions options;
  Figures figures(options);
  EvaluatedImage small, large;
  figures.add(crowd(3), {result_of({{1, 1, 5}}), {}}, small);
  figures.add(crowd(70), {result_of({{1, 1, 60}}), {}}, large);
  EXPECT_DOUBLE_EQ(small.count, 5);
  EXPECT_DOUBLE_EQ(small.truth, 3);
  EXPECT_DOUBLE_EQ(large.error(), -10);
  const Evaluation all = written(figures);
  EXPECT_DOUBLE_EQ(all.errors.mae, 6);
  EXPECT_DOUBLE_EQ(all.errors.rmse, std::sqrt(52.0));
  EXPECT_DOUBLE_EQ(all.errors.nae, (2.0 / 3 + 1.0 / 7) / 2);
  ASSERT_EQ(all.by_level.size(), 3U);
  EXPECT_DOUBLE_EQ(all.by_level[0].mae, 2);
  EXPECT_DOUBLE_EQ(all.by_level[1].mae, 10);
  EXPECT_EQ(all.by_level[2].images, 0);
  EXPECT_FALSE(all.game || all.foreground || all.maps);
}

TEST(Figures, OnlyTheRegionCounts) {
  const TemporaryFolder folder;
  EvaluationOptions options;
  options.game = true;
  Figures figures(options);
  ManifestEntry entry = entry_with({{1, 1}, {10, 10}, {31, 3}, {-5, 40}});
  entry.roi = save_left_mask(folder / "mask.png", kSide, kSide, 16);
  EvaluatedImage image;
  figures.add(entry, {result_of({{0, 0, 1.5}, {7, 7, 2}}), {{"expert1", 0, result_of({{7, 0, 8}, {3, 7, 0.5}})}}},
              image);
  EXPECT_NEAR(image.count, 1.5, 1e-6);
  EXPECT_DOUBLE_EQ(image.truth, 3);
  EXPECT_NEAR(image.outputs.at(0).count, 0.5, 1e-6);
  // Inside are 1.5 people and a head in the first cell, a head at (10, 10), and one at the lower left.
  ASSERT_TRUE(image.game);
  EXPECT_THAT(*image.game,
              ElementsAre(DoubleNear(1.5, 1e-5), DoubleNear(1.5, 1e-5), DoubleNear(2.5, 1e-5), DoubleNear(2.5, 1e-5)));
}

TEST(Figures, TheIntervalOfARegionIsThatOfAPart) {
  const TemporaryFolder folder;
  const EvaluationOptions options;
  Figures figures(options, {.of_total = [](std::span<const CountResult>) { return CountInterval{}; },
                            .of_part =
                                [](const CountResult& whole, double people) {
                                  const double factor = whole.interval->high / whole.count;
                                  return CountInterval{whole.interval->level, people / factor, people * factor};
                                }});
  ManifestEntry entry = entry_with({{1, 1}, {31, 3}});
  entry.roi = save_left_mask(folder / "mask.png", kSide, kSide, 16);
  CountResult result = result_of({{0, 0, 1.5}, {7, 7, 2}});
  result.interval = {.level = 0.9, .low = 1, .high = 7};
  EvaluatedImage image;
  figures.add(entry, {result, {}}, image);
  ASSERT_TRUE(image.interval);
  EXPECT_NEAR(image.interval->low, 0.75, 1e-6);
  EXPECT_NEAR(image.interval->high, 3, 1e-6);
  const Evaluation all = written(figures);
  ASSERT_TRUE(all.intervals);
  EXPECT_EQ(all.intervals->overall.covered, 1);
}

TEST(Figures, PointsAreComparedWithHeads) {
  const EvaluationOptions options;
  Figures figures(options);
  ManifestEntry masked = entry_with({{10, 10}, {28, 10}});
  const TemporaryFolder folder;
  masked.roi = save_left_mask(folder / "mask.png", kSide, kSide, 16);
  ManifestEntry only_count = entry_with({});
  only_count.annotated = false;
  only_count.count = 4;
  EvaluatedImage two, inside, unmarked;
  // Cells (1, 1) and (6, 6) are around pixels (6, 6) and (26, 26): one head within 8 pixels, two heads missed.
  figures.add(entry_with({{10, 10}, {28, 10}, {2, 30}}), {result_of({{1, 1, 1}, {6, 6, 1}}), {}}, two);
  figures.add(masked, {result_of({{2, 2, 1}, {7, 2, 1}}), {}}, inside);
  figures.add(only_count, {result_of({{7, 7, 5}}), {}}, unmarked);
  ASSERT_TRUE(two.localisation);
  EXPECT_EQ(two.localisation->matched, 1);
  EXPECT_EQ(two.localisation->found, 2);
  EXPECT_EQ(two.localisation->annotated, 3);
  EXPECT_EQ(inside.localisation->found, 1);
  EXPECT_EQ(inside.localisation->annotated, 1);
  EXPECT_FALSE(unmarked.localisation);
  const Evaluation all = written(figures);
  ASSERT_TRUE(all.localisation);
  EXPECT_EQ(all.localisation->images, 2);
  EXPECT_EQ(all.localisation->radius, 8);
  EXPECT_DOUBLE_EQ(all.localisation->overall.precision(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(all.localisation->overall.recall(), 0.5);
  EXPECT_EQ(all.localisation->by_level.at(0).annotated, 4);
  EXPECT_EQ(all.localisation->by_density.at(0).annotated, 4);
}

TEST(Figures, GameIsTheMeanOverPicturesWithHeads) {
  EvaluationOptions options;
  options.game = true;
  Figures figures(options);
  ManifestEntry only_count = entry_with({});
  only_count.annotated = false;
  only_count.count = 4;
  EvaluatedImage a, b, c;
  figures.add(entry_with({{1, 1}}), {result_of({{7, 7, 1}}), {}}, a);  // right number, wrong place
  figures.add(entry_with({}), {result_of({{7, 7, 3}}), {}}, b);
  figures.add(only_count, {result_of({{7, 7, 5}}), {}}, c);
  EXPECT_FALSE(c.game);
  EXPECT_DOUBLE_EQ(c.truth, 4);
  const Evaluation all = written(figures);
  EXPECT_DOUBLE_EQ(all.errors.mae, (0 + 3 + 1) / 3.0);
  ASSERT_TRUE(all.game);
  EXPECT_THAT(*all.game,
              ElementsAre(DoubleNear(1.5, 1e-5), DoubleNear(2.5, 1e-5), DoubleNear(2.5, 1e-5), DoubleNear(2.5, 1e-5)));
}

TEST(Figures, PicturesWithoutTruthAreCountedOnly) {
  EvaluationOptions options;
  options.game = options.foreground = options.maps = true;
  Figures figures(options);
  ManifestEntry unknown = entry_with({});
  unknown.annotated = false;
  EvaluatedImage image;
  figures.add(unknown, {result_of({{0, 0, 7}}), {{"final", 1, result_of({{0, 0, 7}})}}}, image);
  EXPECT_DOUBLE_EQ(image.count, 7);
  EXPECT_TRUE(std::isnan(image.truth));
  const Evaluation all = written(figures);
  EXPECT_EQ(all.errors.images, 0);
  EXPECT_TRUE(std::isnan(all.errors.mae));
  EXPECT_TRUE(all.outputs.empty());
  EXPECT_FALSE(all.game || all.maps || all.localisation);
  EXPECT_EQ(all.foreground->images, 0);
}

TEST(Figures, ByLabel) {
  EvaluationOptions options;
  options.labels = {"weather", "scene"};
  Figures figures(options);
  ManifestEntry fog = crowd(1), clear = crowd(2), plain = crowd(3);
  fog.labels = {{"weather", "fog"}, {"scene", "street"}};
  clear.labels = {{"weather", "none"}, {"scene", "street"}};
  EvaluatedImage a, b, c;
  figures.add(fog, {result_of({{0, 0, 5}}), {}}, a);
  figures.add(clear, {result_of({{0, 0, 3}}), {}}, b);
  figures.add(plain, {result_of({{0, 0, 3}}), {}}, c);
  const Evaluation all = written(figures);
  ASSERT_EQ(all.by_label.size(), 2U);
  EXPECT_EQ(all.by_label[0].label, "weather");
  EXPECT_EQ(all.by_label[0].by_value.size(), 3U);
  EXPECT_DOUBLE_EQ(all.by_label[0].by_value.at("fog").mae, 4);
  EXPECT_DOUBLE_EQ(all.by_label[0].by_value.at("none").mae, 1);
  EXPECT_DOUBLE_EQ(all.by_label[0].by_value.at("").mae, 0);
  EXPECT_DOUBLE_EQ(all.by_label[1].by_value.at("street").mae, 2.5);
  EXPECT_EQ(all.by_label[1].by_value.at("street").images, 2);
}

TEST(Figures, OutputsByLevel) {
  const EvaluationOptions options;
  Figures figures(options);
  const auto picture = [](float expert, float final_map) {
    return CountedPicture{result_of({{0, 0, final_map}}),
                          {{"expert1", 0, result_of({{0, 0, expert}})}, {"final", 1, result_of({{0, 0, final_map}})}}};
  };
  EvaluatedImage a, b;
  figures.add(crowd(10), picture(14, 12), a);
  figures.add(crowd(100), picture(90, 100), b);
  EXPECT_DOUBLE_EQ(a.outputs.at(0).count, 14);
  const Evaluation all = written(figures);
  ASSERT_EQ(all.outputs.size(), 2U);
  EXPECT_EQ(all.outputs[0].name, "expert1");
  EXPECT_DOUBLE_EQ(all.outputs[0].errors.mae, 7);
  EXPECT_DOUBLE_EQ(all.outputs[0].errors.rmse, std::sqrt(58.0));
  EXPECT_DOUBLE_EQ(all.outputs[0].by_level[0].mae, 4);
  EXPECT_DOUBLE_EQ(all.outputs[0].by_level[1].mae, 10);
  EXPECT_EQ(all.outputs[1].level, 1);
  EXPECT_DOUBLE_EQ(all.outputs[1].errors.mae, all.errors.mae);
}

TEST(Figures, ForegroundIsWhereTheTrueDensityIs) {
  EvaluationOptions options;
  options.foreground = true;
  Figures figures(options);
  EvaluatedImage image;
  // The head's 15 x 15 window lies inside the picture; 32 people on 1,024 pixels put 225 / 32 into it.
  figures.add(entry_with({{16.5, 16.5}}), {spread(32), {}}, image);
  const Evaluation all = written(figures);
  ASSERT_TRUE(all.foreground);
  EXPECT_EQ(all.foreground->images, 1);
  EXPECT_NEAR(all.foreground->mae, 225.0 / 32 - 1, 1e-5);
  EXPECT_NEAR(all.errors.mae, 31, 1e-9);
}

TEST(Figures, LikenessLeavesOutPicturesWithoutPeople) {
  EvaluationOptions options;
  options.maps = true;
  Figures figures(options);
  EvaluatedImage image, empty;
  figures.add(entry_with({{16.5, 16.5}}), {spread(2), {}}, image);
  figures.add(entry_with({}), {spread(2), {}}, empty);
  const Evaluation all = written(figures);
  ASSERT_TRUE(all.maps);
  EXPECT_EQ(all.maps->images, 1);

  const std::vector<float> truth = density_map(std::vector<Point>{{16.5, 16.5}}, kSide, kSide);
  const double p = 2.0 / (kSide * kSide);
  const double squares = std::inner_product(truth.begin(), truth.end(), truth.begin(), 0.0);
  const double error = kSide * kSide * p * p - 2 * p + squares;  // the true map sums to 1
  const double peak = *std::ranges::max_element(truth);
  EXPECT_NEAR(all.maps->psnr, 10 * std::log10(peak * peak * kSide * kSide / error), 1e-4);
  const std::vector<float> flat(truth.size(), static_cast<float>(p));
  EXPECT_NEAR(all.maps->ssim, ssim(flat, truth, kSide, kSide), 1e-9);
}

}  // namespace
}  // namespace throng
