#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <functional>

#include "loss/terms.h"

// The gradient of every term against central differences, in double.
namespace throng {
namespace {

using Loss = std::function<at::Tensor(const at::Tensor&)>;

void expect_gradient(const at::Tensor& start, const Loss& loss) {
  const at::Tensor input = start.clone().set_requires_grad(true);
  loss(input).backward();
  const at::Tensor gradient = input.grad().contiguous().flatten();
  constexpr double kStep = 1e-6;
  const at::Tensor moved = start.clone().contiguous();
  double* values = moved.data_ptr<double>();
  for (std::int64_t i = 0; i < moved.numel(); ++i) {
    const double value = values[i];
    values[i] = value + kStep;
    const double above = loss(moved).item<double>();
    values[i] = value - kStep;
    const double below = loss(moved).item<double>();
    values[i] = value;
    const double numeric = (above - below) / (2 * kStep);
    EXPECT_NEAR(gradient[i].item<double>(), numeric, 1e-5 * std::max(1.0, std::abs(numeric))) << i;
  }
}

at::Tensor pattern(at::IntArrayRef shape, double frequency, double low, double high) {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  const at::Tensor wave = at::sin(at::arange(count, at::kDouble) * frequency + 0.3 * frequency);
  return (low + (high - low) * (wave + 1) / 2).view(shape);
}

Target some_target() {
  const at::Tensor people = pattern({2, 8, 8}, 1.7, 0.0, 0.4);
  Target target = make_target(people, people.square() / 12, pattern({2, 8, 8}, 0.9, 0.0, 1.0), 100.0);
  target.points = {pattern({4, 2}, 2.9, 1, 31), pattern({3, 2}, 1.3, 1, 31)};
  target.draws = {Draw(1, "loss", 0, 0), Draw(1, "loss", 0, 1)};
  return target;
}

at::Tensor some_map() { return pattern({2, 1, 8, 8}, 2.3, 0.05, 3); }

TEST(Gradient, Density) {
  const Target target = some_target();
  expect_gradient(pattern({2, 1, 8, 8}, 2.3, 0, 3), [&](const at::Tensor& x) { return density_loss(x, target); });
}

TEST(Gradient, Relative) {
  const Target target = some_target();
  for (const bool closing : {false, true}) {
    const RelativeOptions options{9, 3, closing, RegionChoice::hard};
    expect_gradient(pattern({2, 1, 8, 8}, 2.3, 0, 3),
                    [&](const at::Tensor& x) { return relative_local_loss(x, x, target, 8, options); });
  }
}

TEST(Gradient, RelativeOfChosenRegionsAndOfASecondHead) {
  const Target target = some_target();
  const at::Tensor density = pattern({2, 1, 8, 8}, 1.1, 0.05, 3);
  for (const RegionChoice choice : {RegionChoice::random, RegionChoice::hard}) {
    const RelativeOptions options{9, 3, true, choice};
    expect_gradient(some_map(),
                    [&](const at::Tensor& x) { return relative_local_loss(x, density, target, 4, options); });
  }
  // Nested patches are in the wrong order only where counts are negative.
  const RelativeOptions nested{9, 3, false, RegionChoice::matryoshka};
  expect_gradient(-some_map(), [&](const at::Tensor& x) { return relative_local_loss(x, density, target, 4, nested); });
}

TEST(Gradient, LocalCount) {
  const Target target = some_target();
  expect_gradient(some_map(), [&](const at::Tensor& x) { return absolute_local_loss(x, target, 8); });
}

TEST(Gradient, RankingAndCount) {
  const Target target = some_target();
  expect_gradient(some_map(), [&](const at::Tensor& x) { return ranking_loss(x, target); });
  expect_gradient(some_map(), [&](const at::Tensor& x) { return count_loss(x, target); });
}

TEST(Gradient, TransportAndVariation) {
  const Target target = some_target();
  expect_gradient(some_map(), [&](const at::Tensor& x) { return transport_loss(x, target, {200.0, 1500}); });
  expect_gradient(some_map(), [&](const at::Tensor& x) { return variation_loss(x, target); });
}

TEST(Gradient, Attention) {
  const Target target = some_target();
  expect_gradient(pattern({2, 1, 2, 2}, 1.1, 0.1, 0.9),
                  [&](const at::Tensor& x) { return attention_loss(x, target.foreground); });
}

TEST(Gradient, Importance) {
  const Hierarchy hierarchy(3, {{{1, 2}, {1, 2, 3}, {3}}, {{1, 2, 3}}});
  const auto& groups = hierarchy.levels().front();
  expect_gradient(pattern({2, 5, 3, 3}, 1.9, -1, 1),
                  [&](const at::Tensor& x) { return importance_loss(normalise_per_group(x, groups), groups); });
}

}  // namespace
}  // namespace throng
