#include <cmath>

#include <gtest/gtest.h>

#include "image/draw.h"

namespace throng {
namespace {

double lightness(Colour colour) { return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]; }

TEST(ColourMap, GoesFromDarkBlueThroughGreenToYellow) {
  const Colour low = density_colour(0);
  EXPECT_LT(lightness(low), 30);
  EXPECT_GT(low[2], 2 * low[0]);
  const Colour middle = density_colour(0.65);
  EXPECT_GT(middle[1], middle[0]);
  EXPECT_GT(middle[1], middle[2]);
  EXPECT_EQ(density_colour(1), (Colour{253, 231, 37}));
}

TEST(ColourMap, GetsLighterAllTheWay) {
  for (int i = 1; i <= 100; ++i) {
    EXPECT_GT(lightness(density_colour(i / 100.0)), lightness(density_colour((i - 1) / 100.0))) << i;
  }
}

TEST(ColourMap, ValuesOutsideAreCut) {
  EXPECT_EQ(density_colour(-3), density_colour(0));
  EXPECT_EQ(density_colour(7), density_colour(1));
  EXPECT_EQ(density_colour(INFINITY), density_colour(1));
  EXPECT_EQ(density_colour(std::nan("")), density_colour(0));
}

}  // namespace
}  // namespace throng
