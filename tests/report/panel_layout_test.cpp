#include "report/panel_layout.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace throng {
namespace {

std::vector<std::pair<int, int>> places_of(const PanelLayout& layout) {
  std::vector<std::pair<int, int>> places;
  for (const PanelBlock& block : layout.blocks) places.emplace_back(block.column, block.row);
  return places;
}

// On four columns, by hand:
//   A A A B
//   C C D B
//   C C E E
TEST(PanelLayout, EachBlockTakesTheFirstFreePlace) {
  const PanelLayout layout = pack({{3, 1}, {1, 2}, {2, 2}, {1, 1}, {2, 1}}, 4);
  EXPECT_EQ(places_of(layout), (std::vector<std::pair<int, int>>{{0, 0}, {3, 0}, {0, 1}, {2, 1}, {2, 2}}));
  EXPECT_EQ(layout.columns, 4);
  EXPECT_EQ(layout.rows, 3);
}

TEST(PanelLayout, LaterBlocksFillHoles) {
  const PanelLayout layout = pack({{2, 1}, {3, 1}, {1, 1}}, 3);
  EXPECT_EQ(places_of(layout), (std::vector<std::pair<int, int>>{{0, 0}, {0, 1}, {2, 0}}));
  EXPECT_EQ(layout.rows, 2);
}

// Twelve square panels: 4 x 3 (shape 1.33) is nearer to a screen's 1.6 than 6 x 2 (3); any other number leaves holes.
TEST(PanelLayout, HasAScreensShapeWithoutHoles) {
  const PanelLayout layout = lay_out(std::vector<PanelBlock>(12, {1, 1}), 100, 100);
  EXPECT_EQ(layout.columns, 4);
  EXPECT_EQ(layout.rows, 3);
  // Panels that are three times as high as wide lie in fewer rows.
  EXPECT_EQ(lay_out(std::vector<PanelBlock>(12, {1, 1}), 100, 300).columns, 6);
}

TEST(PanelLayout, IsAsWideAsTheWidestBlock) {
  const PanelLayout layout = lay_out({{15, 1}, {2, 1}}, 100, 100);
  EXPECT_EQ(layout.columns, 15);
  EXPECT_EQ(layout.rows, 2);
}

}  // namespace
}  // namespace throng
