#include "synth/light.h"

#include <gtest/gtest.h>

namespace throng::synth {
namespace {

/// The sun stands 45 degrees high to the right.
Setting setting() {
  Setting s;
  s.sun_direction = unit({1, 0, 1});
  return s;
}

TEST(Light, APersonThrowsAShadowAwayFromTheSun) {
  const Light light(setting(), {}, {{0, 10, 0, 1.75, 0.24, 0}});
  EXPECT_EQ(light.sun({-0.8, 10, 0}, kNobody), 0);    // on the ground behind the trunk
  EXPECT_EQ(light.sun({0.8, 10, 0}, kNobody), 1);     // towards the sun
  EXPECT_EQ(light.sun({-0.8, 10.6, 0}, kNobody), 1);  // beside the shadow
  EXPECT_EQ(light.sun({-2.2, 10, 0}, kNobody), 1);    // beyond the head's shadow
  EXPECT_EQ(light.sun({-0.8, 10, 0}, 0), 1);          // nobody shades himself
}

TEST(Light, CloseCrowdsAreDarkBelowTheHeads) {
  std::vector<Occluder> people;
  for (int x = -6; x <= 6; ++x) {
    for (int y = 0; y < 12; ++y) people.push_back({x * 0.5, 5 + y * 0.5, 0, 1.75, 0.24, x + 20 * y});
  }
  const Light light(setting(), {}, people);
  EXPECT_LT(light.openness({0, 8, 0.2}), 0.2);
  EXPECT_GT(light.openness({0, 8, 1.0}), light.openness({0, 8, 0.5}));
  EXPECT_EQ(light.openness({0, 8, 1.7}), 1);
  EXPECT_EQ(light.openness({30, 8, 0}), 1);
}

TEST(Light, AnEmptyPlaceIsFullyLit) {
  const Light light(setting(), {}, {});
  EXPECT_EQ(light.sun({0, 5, 0}, kNobody), 1);
  EXPECT_EQ(light.openness({0, 5, 0}), 1);
  EXPECT_EQ(light.contact({0, 5, 0}), 1);
}

}  // namespace
}  // namespace throng::synth
