#include "report/best_expert.h"

#include <gmock/gmock.h>
#include <utility>
#include <vector>

#include <numeric>

#include "data/density.h"
#include "expect_error.h"

namespace throng {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

TEST(BestExperts, AreNearestToTheTruthWhereThereIsCrowd) {
  // By hand: cell 0 has no crowd (0.001 people on 16 pixels is more than 1e-5 a pixel, 0.0001 is not).
  const DensityMap truth{.width = 3, .height = 2, .values = {0.0001F, 0.001F, 1, 2, 0, 0.5F}};
  const DensityMap one{.width = 3, .height = 2, .values = {0.0001F, 0.5F, 0.8F, 5, 9, 0.4F}};
  const DensityMap two{.width = 3, .height = 2, .values = {5, 0.002F, 1.3F, 1, 0, 0.6F}};
  const DensityMap three{.width = 3, .height = 2, .values = {5, 0.2F, 0.9F, 2.5F, 0, 0.45F}};
  const DensityMap* const experts[] = {&one, &two, &three};
  const BestExperts best = best_experts(experts, truth, 16, 1e-5);
  EXPECT_THAT(best.best, ElementsAre(-1, 1, 2, 2, -1, 2));
  EXPECT_THAT(best.shares, ElementsAre(DoubleEq(0), DoubleEq(0.25), DoubleEq(0.75)));
  EXPECT_TRUE(best.any());
}

TEST(BestExperts, TheEarlierOfTwoThatAreEquallyNear) {
  const DensityMap truth{.width = 2, .height = 1, .values = {2, 2}};
  const DensityMap one{.width = 2, .height = 1, .values = {3, 1}}, two{.width = 2, .height = 1, .values = {1, 3}};
  const DensityMap* const experts[] = {&one, &two};
  EXPECT_THAT(best_experts(experts, truth, 1, 1e-5).best, ElementsAre(0, 0));
}

TEST(BestExperts, AreNoneWithoutACrowd) {
  const DensityMap truth{.width = 2, .height = 1, .values = {0, 0}};
  const DensityMap* const experts[] = {&truth, &truth};
  const BestExperts best = best_experts(experts, truth, 16, 1e-5);
  EXPECT_THAT(best.best, ElementsAre(-1, -1));
  EXPECT_THAT(best.shares, ElementsAre(0, 0));
  EXPECT_FALSE(best.any());
}

TEST(BestExperts, RefuseMapsOfAnotherSize) {
  const DensityMap truth{.width = 2, .height = 1, .values = {1, 1}}, other{.width = 1, .height = 2, .values = {1, 1}};
  const DensityMap* const experts[] = {&other};
  expect_error(ErrorKind::failure, {"1 x 2", "2 x 1"}, [&] { best_experts(experts, truth, 1, 1e-5); });
}

TEST(DensityOnGrid, IsTheFullSizeMapSummedByCells) {
  // 22 x 19 pixels on 5 x 4 cells, and more rows than are held at a time.
  for (const auto& [width, height] : {std::pair{22, 19}, {40, 1100}}) {
    const std::vector<Point> points = {{3.2, 4.9}, {0, 0}, {21.5, 18.5}, {-3, 7}, {12, 900}};
    const DensityMap grid = density_on_grid(points, width, height, 5, 4, width, height);
    const std::vector<float> whole = density_map(points, width, height);
    std::vector<double> expected(20);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x)
        expected[static_cast<std::size_t>(y * 4 / height * 5 + x * 5 / width)] +=
            whole[static_cast<std::size_t>(y * width + x)];
    }
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(grid.values[i], expected[i], 1e-5) << i;
    EXPECT_NEAR(std::accumulate(grid.values.begin(), grid.values.end(), 0.0), 5, 1e-4);
  }
}

TEST(DensityOnGrid, LeavesTheFillingOfSmallPicturesEmpty) {
  // 8 pixels of 16 lie in the first 2 of 4 cells.
  const DensityMap grid = density_on_grid(std::vector<Point>{{4, 4}}, 8, 8, 4, 4, 16, 16);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) EXPECT_EQ(grid.values[static_cast<std::size_t>(4 * y + x)] > 0, x < 2 && y < 2);
  }
}

}  // namespace
}  // namespace throng
