#include "report/smooth.h"

#include <cmath>
#include <numeric>

#include "expect_error.h"

namespace throng {
namespace {

using testing::ElementsAre;

TEST(Smooth, SmallGridsKeepTheirValuesWithoutNonsense) {
  const DensityMap grid{.width = 5, .height = 1, .values = {1, -2, NAN, INFINITY, 0.25f}};
  EXPECT_THAT(smoothed_for_viewing(grid).values, ElementsAre(1, 0, 0, 0, 0.25f));
}

TEST(Smooth, SpreadsOneHeadAsThreeBoxFiltersDo) {
  DensityMap grid{.width = 120, .height = 1, .values = std::vector<float>(120)};
  grid.values[60] = 27;
  const std::vector<float> smooth = smoothed_for_viewing(grid).values;
  // (1 1 1) / 3 three times: 1 3 6 7 6 3 1 of 27.
  const std::vector<float> expected = {0, 1, 3, 6, 7, 6, 3, 1, 0};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(smooth[56 + i], expected[i], 1e-5) << i;
}

TEST(Smooth, AnEvenCrowdStaysEvenUpToTheEdges) {
  const DensityMap grid{.width = 250, .height = 130, .values = std::vector<float>(250 * 130, 0.5f)};
  for (const float value : smoothed_for_viewing(grid).values) ASSERT_NEAR(value, 0.5f, 1e-5);
}

TEST(Smooth, WorksAlongBothSidesAndKeepsThePeople) {
  DensityMap grid{.width = 110, .height = 210, .values = std::vector<float>(110 * 210)};
  grid.values[105 * 110 + 50] = 10;
  const DensityMap smooth = smoothed_for_viewing(grid);
  EXPECT_NEAR(std::accumulate(smooth.values.begin(), smooth.values.end(), 0.0), 10, 1e-4);
  const auto at = [&](int x, int y) { return smooth.values[static_cast<std::size_t>(y * 110 + x)]; };
  for (int d = 1; d < 8; ++d) {
    EXPECT_FLOAT_EQ(at(50 + d, 105), at(50 - d, 105));
    EXPECT_NEAR(at(50, 105 + d), at(50 + d, 105), 1e-6);
  }
}

}  // namespace
}  // namespace throng
