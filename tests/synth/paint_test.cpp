#include "synth/paint.h"

#include <gtest/gtest.h>

namespace throng::synth {
namespace {

void expect_display(const Vec3& linear, double red, double green, double blue) {
  EXPECT_NEAR(linear.x, red * red, 1e-12);
  EXPECT_NEAR(linear.y, green * green, 1e-12);
  EXPECT_NEAR(linear.z, blue * blue, 1e-12);
}

TEST(Paint, HueSaturationValueMatchKnownColours) {
  expect_display(from_hsv({0, 1, 1}), 1, 0, 0);
  expect_display(from_hsv({1.0 / 6, 1, 1}), 1, 1, 0);
  expect_display(from_hsv({1.0 / 3, 1, 0.5}), 0, 0.5, 0);
  expect_display(from_hsv({2.0 / 3, 0.5, 1}), 0.5, 0.5, 1);
  expect_display(from_hsv({1.0 / 12, 1, 1}), 1, 0.5, 0);  // orange
  expect_display(from_hsv({-1.0 / 6, 1, 1}), 1, 0, 1);    // a turn back from red
  expect_display(from_hsv({0.4, 0, 0.3}), 0.3, 0.3, 0.3);
}

TEST(Paint, FineDetailFadesIntoItsMean) {
  Paint paint;
  paint.kind = Paint::Kind::cloth;
  paint.pattern = Paint::Pattern::hoops;
  paint.colour = {1, 1, 1};
  paint.second = {0, 0, 0};
  paint.scale = 3;
  for (double z = -0.9; z < 0.9; z += 0.1) EXPECT_NEAR(paint_colour(paint, {0, 0.3, z}, 10).x, 0.5, 1e-9);
}

}  // namespace
}  // namespace throng::synth
