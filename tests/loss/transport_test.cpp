#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>

#include "loss/terms.h"

namespace throng {
namespace {

// A 32x32 crop with three heads.
Target three_heads() {
  const at::Tensor people = at::zeros({1, 8, 8}, at::kDouble);
  Target target = make_target(people, people, people, 1.0);
  target.points = {at::tensor(std::vector<double>{4, 4, 20, 12, 27, 30}, at::kDouble).view({3, 2})};
  return target;
}

at::Tensor some_map() {
  const at::Tensor cells = at::arange(16, at::kDouble).view({1, 1, 4, 4});
  return (at::sin(cells * 1.3) + 1.2).repeat_interleave(2, 2).repeat_interleave(2, 3) / 64;
}

// The same transport by plain Sinkhorn scaling of the kernel exp(-C / reg), which works where nothing underflows.
double transport_by_scaling(const at::Tensor& map, const Target& target, double regularisation) {
  std::vector<double> cells(16);
  double total = 0;
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) total += cells[4 * r + c] = map[0][0][2 * r][2 * c].item<double>();
  }
  for (double& cell : cells) cell /= total;
  const int n = 3;
  std::vector<std::vector<double>> cost(n, std::vector<double>(16)), kernel = cost;
  for (int i = 0; i < n; ++i) {
    const double x = target.points[0][i][0].item<double>(), y = target.points[0][i][1].item<double>();
    for (int j = 0; j < 16; ++j) {
      cost[i][j] = std::pow(x - (8 * (j % 4) + 4), 2) + std::pow(y - (8 * (j / 4) + 4), 2);
      kernel[i][j] = std::exp(-cost[i][j] / regularisation);
    }
  }
  std::vector<double> u(n, 1.0), v(16, 1.0);
  for (int step = 0; step < 20000; ++step) {
    for (int j = 0; j < 16; ++j) {
      double sum = 0;
      for (int i = 0; i < n; ++i) sum += kernel[i][j] * u[i];
      v[j] = cells[j] / sum;
    }
    for (int i = 0; i < n; ++i) {
      double sum = 0;
      for (int j = 0; j < 16; ++j) sum += kernel[i][j] * v[j];
      u[i] = 1.0 / n / sum;
    }
  }
  // The dual objective with entropy relative to the product of the marginals: <f, a> + <g, b>.
  double dual = 0;
  for (int i = 0; i < n; ++i) dual += regularisation * std::log(u[i] * n) / n;
  for (int j = 0; j < 16; ++j) dual += regularisation * std::log(v[j] / cells[j]) * cells[j];
  return dual;
}

TEST(Transport, AgreesWithPlainScaling) {
  const Target target = three_heads();
  for (const double regularisation : {50.0, 400.0}) {
    const double loss = transport_loss(some_map(), target, {regularisation, 5000}).item<double>();
    EXPECT_NEAR(loss, transport_by_scaling(some_map(), target, regularisation), 1e-4 * loss) << regularisation;
  }
}

TEST(Transport, IsFiniteWhereTheKernelUnderflows) {
  Target target = three_heads();
  target.mean = at::zeros({1, 1, 128, 128});
  target.points = {at::tensor(std::vector<float>{1, 1, 500, 510}).view({2, 2})};
  at::Tensor map = at::rand({1, 1, 128, 128}).set_requires_grad(true);
  const at::Tensor loss = transport_loss(map, target, {10.0, 100});
  loss.backward();
  EXPECT_TRUE(std::isfinite(loss.item<double>()));
  EXPECT_TRUE(at::isfinite(map.grad()).all().item<bool>());
}

TEST(Transport, CropWithoutPeopleCostsNothing) {
  Target target = three_heads();
  target.points = {at::zeros({0, 2})};
  EXPECT_EQ(transport_loss(some_map(), target, {}).item<double>(), 0.0);
  EXPECT_EQ(variation_loss(some_map(), target).item<double>(), 0.0);
}

// Three heads in three of sixteen cells; a flat map has 1/16 in each: 3 / 2 (3 |1/16 - 1/3| + 13/16).
TEST(Variation, ByHand) {
  const at::Tensor flat = at::ones({1, 1, 8, 8}, at::kDouble);
  EXPECT_NEAR(variation_loss(flat, three_heads()).item<double>(), 1.5 * (3 * (1.0 / 3 - 1.0 / 16) + 13.0 / 16), 1e-6);
}

}  // namespace
}  // namespace throng
