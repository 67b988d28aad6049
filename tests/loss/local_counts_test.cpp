#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "loss/terms.h"

namespace throng {
namespace {

// An 8x8 crop, people x1 per pixel: the left half holds 1 per 4x4 block, the right half 3.
Target halves() {
  const at::Tensor people = at::tensor(std::vector<double>{1, 3, 1, 3}, at::kDouble).view({1, 2, 2});
  Target target = make_target(people, people.square() / 16, at::zeros({1, 2, 2}, at::kDouble), 1.0);
  const at::Tensor half = people.repeat_interleave(2, 1).repeat_interleave(2, 2) / 4;
  add_half_grid(target, half, half.square() / 4);
  return target;
}

TEST(LocalCounts, AreSumsOverRegions) {
  const at::Tensor prediction = at::full({1, 1, 2, 2}, 2.0 / 16, at::kDouble);  // 2 people a block
  const LocalCounts counts = local_counts(prediction, prediction, halves(), 4);
  EXPECT_TRUE(at::allclose(counts.predicted, at::full({1, 4}, 2.0, at::kDouble)));
  EXPECT_TRUE(at::allclose(counts.truth, at::tensor(std::vector<double>{1, 3, 1, 3}, at::kDouble).view({1, 4})));
  // Each of 16 pixels is off by 1/16.
  EXPECT_TRUE(at::allclose(counts.error, at::full({1, 4}, 1.0 / 16, at::kDouble)));
  EXPECT_NEAR(absolute_local_loss(prediction, halves(), 4).item<double>(), 4.0, 1e-12);
  EXPECT_NEAR(absolute_local_loss(prediction, halves(), 8).item<double>(), 0.0, 1e-12);
}

TEST(LocalCounts, SmallRegionsAreCountedOnTheHalfGrid) {
  const at::Tensor prediction = at::full({1, 1, 2, 2}, 2.0 / 16, at::kDouble);
  const LocalCounts counts = local_counts(prediction, prediction, halves(), 2);
  EXPECT_EQ(counts.predicted.sizes(), (at::IntArrayRef{1, 16}));
  EXPECT_TRUE(at::allclose(counts.predicted, at::full({1, 16}, 0.5, at::kDouble)));
  EXPECT_NEAR(counts.truth[0][0].item<double>(), 0.25, 1e-12);
  EXPECT_NEAR(counts.truth[0][2].item<double>(), 0.75, 1e-12);
  EXPECT_NEAR(counts.error.sum().item<double>(), 4.0 / 16, 1e-12);
}

TEST(RelativeLocalLoss, RandomRegionsDependOnTheDrawAlone) {
  const at::Tensor people = at::rand({1, 8, 8}, at::kDouble);
  Target target = make_target(people, people.square() / 16, people, 1.0);
  const at::Tensor prediction = at::rand({1, 1, 8, 8}, at::kDouble);
  const RelativeOptions options{9, 3, false, RegionChoice::random};
  const auto loss = [&](std::uint64_t visit) {
    target.draws.assign(1, Draw(1, "loss", 0, visit));
    return relative_local_loss(prediction, prediction, target, 4, options).item<double>();
  };
  EXPECT_EQ(loss(1), loss(1));
  EXPECT_NE(loss(1), loss(2));
}

// Counts of a second head that fall towards the middle of the picture grow with each larger patch: no loss. Those that
// are negative around the middle shrink: the five patches are in the wrong order.
TEST(RelativeLocalLoss, MatryoshkaPatchesMustNotGrow) {
  const at::Tensor people = at::zeros({1, 16, 16}, at::kDouble);
  Target target = make_target(people, people, people, 1.0);
  target.draws.assign(1, Draw(1, "loss", 0, 1));
  const at::Tensor prediction = at::ones({1, 1, 16, 16}, at::kDouble);
  const RelativeOptions options{9, 3, false, RegionChoice::matryoshka};
  EXPECT_EQ(relative_local_loss(prediction, prediction, target, 0, options).item<double>(), 0.0);

  // Sides s, .75 s, ...: -(s_4^2 - s_1^2) - (s_5^2 - s_2^2) of counts -s^2, s the largest square's.
  const Draw& draw = target.draws.front();
  const double x = 0.5 + (draw.uniform(0) - 0.5) / 8, y = 0.5 + (draw.uniform(1) - 0.5) / 8;
  const double side = 64 * 2 * std::min({x, y, 1 - x, 1 - y});  // pixels
  const auto area = [&](int shrunk) { return std::pow(side * std::pow(0.75, shrunk), 2); };
  EXPECT_NEAR(relative_local_loss(-prediction, prediction, target, 0, options).item<double>(),
              area(0) - area(3) + area(1) - area(4), 1e-6 * area(0));
}

}  // namespace
}  // namespace throng
