#include "report/head_dots.h"

#include <gtest/gtest.h>

#include <vector>

#include "image/draw.h"

namespace throng {
namespace {

constexpr Colour kGrey = {120, 120, 120};

/// How many pixels a drawing changed.
int changed(const Image& image, Colour ground) {
  int count = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    count += image.rgb[i] != ground[0] || image.rgb[i + 1] != ground[1] || image.rgb[i + 2] != ground[2];
  }
  return count;
}

Image drawn(const std::vector<HeadPoint>& heads, Colour ground = kGrey, int side = 1000) {
  Image view = filled_image(side, side, ground);
  overlay_heads(view, filled_image(side, side, ground), heads);
  return view;
}

TEST(HeadDots, AreLightWithADarkRimOnAnyGround) {
  for (const std::uint8_t ground : {0, 120, 255}) {
    const Image view = drawn({{200.5f, 300.5f, 1}}, {ground, ground, ground});
    EXPECT_EQ(view.pixel(200, 300)[0], 255);
    int darkest = 255;
    for (int x = 200; x < 212; ++x) darkest = std::min<int>(darkest, view.pixel(x, 300)[1]);
    EXPECT_LT(darkest, 110) << "on " << int{ground};
    EXPECT_EQ(view.pixel(230, 300)[0], ground);
  }
}

TEST(HeadDots, MoveWithTheView) {
  Image view = filled_image(500, 300, kGrey);
  overlay_heads(view, filled_image(50, 30, kGrey), std::vector<HeadPoint>{{10.05f, 20.05f, 1}});
  EXPECT_EQ(view.pixel(100, 200)[0], 255);
}

TEST(HeadDots, ADenseCrowdShinesThrough) {
  std::vector<HeadPoint> crowd;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) {
      crowd.push_back({100 + 8 * static_cast<float>(x), 100 + 8 * static_cast<float>(y), 1});
    }
  }
  const double covered = changed(drawn(crowd), kGrey) / (480.0 * 480.0);
  EXPECT_LT(covered, 0.35);
  EXPECT_GT(covered, 0.05);
  // One alone is larger than one of them.
  EXPECT_GT(changed(drawn({{500, 500, 1}}), kGrey), 3 * changed(drawn(crowd), kGrey) / 3600);
}

TEST(HeadDots, NoHeadsAndHeadsAtTheEdge) {
  EXPECT_EQ(changed(drawn({}), kGrey), 0);
  EXPECT_GT(changed(drawn({{0, 0, 1}, {999.99f, 999.99f, 1}, {1000, 1000, 1}}), kGrey), 0);
  EXPECT_GT(changed(drawn({{0.5f, 0.5f, 1}}, kGrey, 1), kGrey), 0);
}

}  // namespace
}  // namespace throng
