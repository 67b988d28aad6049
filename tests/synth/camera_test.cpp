#include "synth/camera.h"

#include <gtest/gtest.h>

namespace throng::synth {
namespace {

Camera camera(double pitch, double roll = 0) {
  Camera::View view;
  view.height = 5;
  view.pitch = pitch;
  view.roll = roll;
  view.focal = 800;
  view.width = 640;
  view.picture_height = 480;
  return Camera(view);
}

TEST(Camera, LevelViewMatchesThePinholeFormula) {
  const auto at = camera(0).project({1, 10, 3});
  EXPECT_NEAR(at.depth, 10, 1e-12);
  EXPECT_NEAR(at.x, 320 + 800 * 1.0 / 10, 1e-9);
  EXPECT_NEAR(at.y, 240 + 800 * 2.0 / 10, 1e-9);  // 2 m below the camera
}

TEST(Camera, RaysAndProjectionsAreInverse) {
  const Camera c = camera(0.5, 0.1);
  for (const double x : {0.0, 100.5, 639.0}) {
    for (const double y : {0.0, 200.25, 479.0}) {
      const auto back = c.project(c.position() + c.ray(x, y) * 7.5);
      EXPECT_NEAR(back.x, x, 1e-9);
      EXPECT_NEAR(back.y, y, 1e-9);
      EXPECT_NEAR(back.depth, 7.5, 1e-9);
    }
  }
}

TEST(Camera, FindsTheGround) {
  const Terrain terrain{0.3};
  const Camera c = camera(0.6, -0.05);
  const double depth = c.depth_of_ground(400, 300, terrain, 1.6);
  ASSERT_GT(depth, 0);
  const Vec3 p = c.position() + c.ray(400, 300) * depth;
  EXPECT_NEAR(p.z, terrain.height(p.y) + 1.6, 1e-9);
}

TEST(Camera, SeesNoGroundAboveTheHorizon) {
  EXPECT_LT(camera(0).depth_of_ground(320, 239, {}), 0);
  EXPECT_GT(camera(0).depth_of_ground(320, 260, {}), 0);
  EXPECT_LE(camera(0).project({0, -1, 5}).depth, 0);
}

}  // namespace
}  // namespace throng::synth
