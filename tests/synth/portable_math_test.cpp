#include "synth/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace throng::synth {
namespace {

TEST(PortableMath, ExponentialAndLogarithmAgreeWithTheLibrary) {
  for (double v = -20; v <= 20; v += 0.137) EXPECT_NEAR(exponential(v) / std::exp(v), 1, 1e-8) << v;
  for (double v = 1e-6; v < 1e6; v *= 1.37) EXPECT_NEAR(logarithm(v), std::log(v), 1e-6) << v;
  EXPECT_EQ(exponential(0), 1);
}

TEST(PortableMath, DirectionsHaveUnitLengthAndNearlyTheRightAngle) {
  for (double angle = -7; angle < 7; angle += 0.05) {
    const Direction d = direction(angle);
    EXPECT_NEAR(d.cosine * d.cosine + d.sine * d.sine, 1, 1e-14);
    EXPECT_NEAR(d.cosine, std::cos(angle), 2e-3);
    EXPECT_NEAR(d.sine, std::sin(angle), 2e-3);
  }
}

TEST(PortableMath, SmoothStepRisesOrFalls) {
  EXPECT_EQ(smooth_step(1, 3, 0), 0);
  EXPECT_EQ(smooth_step(1, 3, 2), 0.5);
  EXPECT_EQ(smooth_step(1, 3, 4), 1);
  EXPECT_EQ(smooth_step(3, 1, 4), 0);
}

}  // namespace
}  // namespace throng::synth
