#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>

#include "loss/terms.h"

namespace throng {
namespace {

// Crops of one block each, people x1.
at::Tensor blocks(const std::vector<double>& people) { return at::tensor(people, at::kDouble).view({-1, 1, 1}) / 1.0; }

Target truth(const std::vector<double>& people) {
  const at::Tensor all = blocks(people);
  return make_target(all, all.square() / 16, all, 1.0);
}

at::Tensor prediction(const std::vector<double>& people) { return blocks(people).unsqueeze(1) / 16; }

// Two crops: row i of the relaxed matrix is softmax((3 - 2 i) s_j - sum_k |s_j - s_k|), i from 1.
TEST(Ranking, ByHand) {
  const double a = 2.0, b = 0.5, d = a - b;
  const double first = std::exp(a - d) / (std::exp(a - d) + std::exp(b - d));
  const double second = std::exp(-b - d) / (std::exp(-a - d) + std::exp(-b - d));
  EXPECT_NEAR(ranking_loss(prediction({a, b}), truth({5, 1})).item<double>(), -std::log(first) - std::log(second),
              1e-9);
}

TEST(Ranking, RightOrderCostsLessThanWrong) {
  const Target target = truth({9, 1, 4});
  const double right = ranking_loss(prediction({8, 1, 3}), target).item<double>();
  EXPECT_LT(right, 0.5);
  EXPECT_GT(ranking_loss(prediction({1, 8, 3}), target).item<double>(), right + 5);
}

TEST(Ranking, OneCropHasNothingToRank) {
  EXPECT_NEAR(ranking_loss(prediction({3}), truth({1})).item<double>(), 0.0, 1e-12);
}

TEST(Count, IsTheDistanceInPeople) {
  EXPECT_NEAR(count_loss(prediction({3, 1.5}), truth({1, 2})).item<double>(), 2.5, 1e-9);
}

}  // namespace
}  // namespace throng
