#include "data/colour.h"

#include <gtest/gtest.h>

#include "image/draw.h"

namespace throng {
namespace {

TEST(MakeGrey, IsTheLumaOfBt601) {
  Image image = filled_image(4, 1, {});
  const std::uint8_t colours[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50};
  std::copy(std::begin(colours), std::end(colours), image.rgb.begin());
  make_grey(image);
  // 0.299 R + 0.587 G + 0.114 B, rounded
  const std::uint8_t expected[] = {76, 76, 76, 150, 150, 150, 29, 29, 29, 124, 124, 124};
  EXPECT_TRUE(std::equal(image.rgb.begin(), image.rgb.end(), std::begin(expected)));
}

TEST(ChangeColour, GreyStaysGreyAndOrderIsKept) {
  for (std::uint64_t id = 0; id < 50; ++id) {
    Image ramp = filled_image(256, 1, {});
    for (int x = 0; x < 256; ++x) std::fill_n(ramp.pixel(x, 0), 3, static_cast<std::uint8_t>(x));
    change_colour(ramp, 1.0, Draw(1, "colour", 0, id));
    for (int x = 0; x < 256; ++x) {
      EXPECT_EQ(ramp.pixel(x, 0)[0], ramp.pixel(x, 0)[1]);
      EXPECT_EQ(ramp.pixel(x, 0)[0], ramp.pixel(x, 0)[2]);
      if (x > 0) {
        EXPECT_GE(ramp.pixel(x, 0)[0], ramp.pixel(x - 1, 0)[0]);
      }
    }
  }
}

TEST(ChangeColour, StrengthBoundsTheChange) {
  int largest_weak = 0;
  int largest_strong = 0;
  for (std::uint64_t id = 0; id < 50; ++id) {
    for (const double strength : {0.1, 1.0}) {
      Image image = filled_image(1, 1, {180, 120, 90});
      change_colour(image, strength, Draw(1, "colour", 0, id));
      int& largest = strength < 1 ? largest_weak : largest_strong;
      for (int c = 0; c < 3; ++c)
        largest = std::max(largest, std::abs(image.rgb[static_cast<std::size_t>(c)] - (c == 0   ? 180
                                                                                       : c == 1 ? 120
                                                                                                : 90)));
    }
  }
  EXPECT_GT(largest_weak, 3);
  EXPECT_LT(largest_weak, 25);
  EXPECT_GT(largest_strong, 50);
}

}  // namespace
}  // namespace throng
