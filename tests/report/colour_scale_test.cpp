#include "report/colour_scale.h"

#include <cmath>

#include "expect_error.h"

namespace throng {
namespace {

using testing::ElementsAre;

TEST(ColourScale, FactorTurnsCellsIntoPatchesOf100By100Pixels) {
  // Cells of 4 x 4 pixels: 625 of them fit into 100 x 100.
  EXPECT_DOUBLE_EQ(cell_density_factor({.width = 20, .height = 10, .values = {}}, 80, 40), 625);
  // One cell for the whole of a 200 x 50 picture is just such a patch.
  EXPECT_DOUBLE_EQ(cell_density_factor({.width = 1, .height = 1, .values = {}}, 200, 50), 1);
}

TEST(ColourScale, EndsAtARoundNumber) {
  const auto top = [](float value, double factor) {
    return choose_scale({.width = 2, .height = 1, .values = {value, value}}, factor).top;
  };
  EXPECT_DOUBLE_EQ(top(0.3f, 1), 0.5);
  EXPECT_DOUBLE_EQ(top(0.3f, 10), 5);
  EXPECT_DOUBLE_EQ(top(0.0625f, 625), 50);
  EXPECT_DOUBLE_EQ(top(1.5f, 1), 2);
  EXPECT_DOUBLE_EQ(top(7, 1), 10);
  EXPECT_DOUBLE_EQ(top(1, 1), 1);
  EXPECT_DOUBLE_EQ(top(1, 2), 2);
  EXPECT_DOUBLE_EQ(top(1, 5), 5);
}

TEST(ColourScale, LabelsItsTicks) {
  EXPECT_THAT((ColourScale{1, 2, false}.labels()), ElementsAre("0", "0.5", "1.0"));
  EXPECT_THAT((ColourScale{20, 2, false}.labels()), ElementsAre("0", "10", "20"));
  EXPECT_THAT((ColourScale{50, 5, true}.labels()), ElementsAre("0", "10", "20", "30", "40", "50+"));
  EXPECT_THAT((ColourScale{0.05, 5, false}.labels()), ElementsAre("0", "0.01", "0.02", "0.03", "0.04", "0.05"));
  EXPECT_THAT((ColourScale{0.002, 2, false}.labels()), ElementsAre("0", "0.001", "0.002"));
}

TEST(ColourScale, OneExtremeCellDoesNotDarkenTheRest) {
  DensityMap grid{.width = 100, .height = 1, .values = std::vector<float>(100, 1.0f)};
  grid.values[40] = 30;
  const ColourScale scale = choose_scale(grid, 1);
  EXPECT_DOUBLE_EQ(scale.top, 1);
  EXPECT_TRUE(scale.exceeded);
}

TEST(ColourScale, AFewPeopleInAnEmptySquareSetTheScale) {
  DensityMap grid{.width = 1000, .height = 1, .values = std::vector<float>(1000)};
  grid.values[3] = 4;
  EXPECT_DOUBLE_EQ(choose_scale(grid, 1).top, 5);
  EXPECT_FALSE(choose_scale(grid, 1).exceeded);
}

TEST(ColourScale, NobodyAndNonsenseGiveTheDefault) {
  const std::vector<std::vector<float>> grids = {{0, 0}, {-1, -2}, {NAN, NAN}, {INFINITY, 0}};
  for (const std::vector<float>& values : grids) {
    EXPECT_DOUBLE_EQ(choose_scale({.width = 2, .height = 1, .values = values}, 1).top, 1);
  }
}

}  // namespace
}  // namespace throng
