#include "synth/raster.h"

#include <gtest/gtest.h>

#include <cmath>

namespace throng::synth {
namespace {

constexpr int kSide = 200;

/// Looks along y from (0, 0, 0); one pixel is 1/200 of a radian.
Camera camera() {
  Camera::View view;
  view.height = 0;
  view.pitch = 0;
  view.focal = 200;
  view.width = kSide;
  view.picture_height = kSide;
  return Camera(view);
}

std::int64_t covered(const DepthBuffer& buffer, std::uint32_t index) {
  std::int64_t count = 0;
  for (int j = 0; j < buffer.height(); ++j) {
    for (int i = 0; i < buffer.width(); ++i) count += buffer.solid(buffer.at(i, j)) == index;
  }
  return count;
}

TEST(Raster, BallHasItsSizeAndDepth) {
  DepthBuffer buffer(kSide, kSide, 2);
  draw_solid(buffer, camera(), make_ellipsoid({0, 10, 0}, {1, 1, 1}, {}), 7);
  // The outline of a ball at distance d is a disc of tangent r / sqrt(d^2 - r^2).
  const double radius = 2 * 200 / std::sqrt(99.0);
  EXPECT_NEAR(static_cast<double>(covered(buffer, 7)), 3.14159265 * radius * radius, 0.01 * radius * radius);
  EXPECT_NEAR(buffer.depth(buffer.at(200, 200)), 9.0, 1e-3);
}

TEST(Raster, TurnedEllipsoidMatchesBruteForce) {
  const Frame frame = Frame{}.turned(0.7, 0.4, -0.5);
  const Solid solid = make_ellipsoid({0.8, 6, -0.5}, {0.9, 0.3, 0.5}, frame);
  const Camera c = camera();
  DepthBuffer buffer(kSide, kSide, 1);
  draw_solid(buffer, c, solid, 0);
  for (int j = 0; j < kSide; ++j) {
    for (int i = 0; i < kSide; ++i) {
      // Marches along the ray with fine steps.
      const Vec3 ray = c.ray(i + 0.5, j + 0.5);
      double least = 2;
      double first = 0;
      for (double depth = 4.5; depth < 7.5; depth += 0.004) {
        const double norm = length(solid.to_unit * (ray * depth - solid.centre));
        least = std::min(least, norm);
        if (norm <= 1 && first == 0) first = depth;
      }
      if (std::fabs(least - 1) < 0.02) continue;  // on the outline a step may miss
      const std::size_t at = buffer.at(i, j);
      EXPECT_EQ(buffer.solid(at) == 0, least < 1) << i << " " << j;
      if (least < 0.98) {
        EXPECT_NEAR(buffer.depth(at), first, 0.0041);
      }
    }
  }
}

TEST(Raster, BoxFillsItsFace) {
  DepthBuffer buffer(kSide, kSide, 1);
  draw_solid(buffer, camera(), make_box({0, 5, 0}, {0.5, 1, 0.24}, {}), 3);
  // The near face lies 4 m away: 0.5 m are 25 pixels, 0.24 m are 12.
  EXPECT_EQ(covered(buffer, 3), 50 * 24);
  EXPECT_NEAR(buffer.depth(buffer.at(100, 100)), 4.0, 1e-6);
}

TEST(Raster, NearerSolidsHideFartherOnesInAnyOrder) {
  const Solid near = make_ellipsoid({0, 5, 0}, {0.5, 0.5, 0.5}, {});
  const Solid far = make_ellipsoid({0, 9, 0}, {2, 2, 2}, {});
  for (const bool near_first : {true, false}) {
    DepthBuffer buffer(kSide, kSide, 1);
    draw_solid(buffer, camera(), near_first ? near : far, near_first ? 1 : 2);
    draw_solid(buffer, camera(), near_first ? far : near, near_first ? 2 : 1);
    EXPECT_EQ(buffer.solid(buffer.at(100, 100)), 1U);
    EXPECT_EQ(buffer.solid(buffer.at(130, 100)), 2U);
  }
}

TEST(Raster, DrawsNothingBehindOrAroundTheCamera) {
  DepthBuffer buffer(kSide, kSide, 1);
  draw_solid(buffer, camera(), make_ellipsoid({0, -5, 0}, {1, 1, 1}, {}), 1);
  draw_solid(buffer, camera(), make_ellipsoid({0, 0, 0}, {1, 1, 1}, {}), 2);
  draw_solid(buffer, camera(), make_box({0, 0, 0}, {1, 1, 1}, {}), 3);
  EXPECT_EQ(covered(buffer, kNoSolid), kSide * kSide);
}

TEST(HeadView, CountsWhatIsHiddenAndWhatLiesOutside) {
  Solid head = make_ellipsoid({0, 10, 0}, {0.5, 0.5, 0.5}, {});
  head.head = true;
  const Solid body = make_ellipsoid({0, 10, -2}, {1, 1, 1}, {});
  const std::vector<Solid> person = {head, body};
  DepthBuffer buffer(kSide, kSide, 2);
  EXPECT_EQ(look_at_head(buffer, camera(), person).share(), 1);
  // A wall in front of the left half.
  draw_solid(buffer, camera(), make_box({-5, 6, 0}, {5, 0.1, 5}, {}), 9);
  EXPECT_NEAR(look_at_head(buffer, camera(), person).share(), 0.5, 0.02);
  // A head whose middle lies on the right edge of the picture: 100 pixels from the middle at 200 pixels per radian.
  std::vector<Solid> at_edge = {head};
  at_edge[0].centre = {5, 10, 0};
  EXPECT_NEAR(look_at_head(buffer, camera(), at_edge).share(), 0.5, 0.05);
}

}  // namespace
}  // namespace throng::synth
