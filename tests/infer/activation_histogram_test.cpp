#include "infer/activation_histogram.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace throng {

namespace {

// The squared error of rounding to 255 steps and cutting off at `range`, value by value.
double error_of(const at::Tensor& values, double range) {
  const at::Tensor steps = at::round(values.clamp_max(range) * (255 / range));
  return (steps * (range / 255) - values).square().sum().item<double>();
}

TEST(ActivationHistogram, ChoosesARangeNoWorseThanAnyOther) {
  at::manual_seed(4);
  // Many small values and a few far above them: the largest is not the best range.
  const at::Tensor values = at::cat({at::randn({200000}).relu(), 3 + 20 * at::rand({4})});
  ActivationHistogram histogram;
  for (const at::Tensor& part : values.chunk(7)) histogram.add(part);
  const double chosen = error_of(values, histogram.best_range());
  EXPECT_LT(histogram.best_range(), values.max().item<double>());
  for (double range = 2; range <= 24; range += 0.5) EXPECT_LE(chosen, 1.05 * error_of(values, range)) << range;
}

TEST(ActivationHistogram, ZerosCostNothing) {
  ActivationHistogram with, without;
  at::manual_seed(5);
  const at::Tensor values = at::rand({5000}) + 0.1;
  without.add(values);
  with.add(at::cat({values, at::zeros({1000000})}));
  EXPECT_FLOAT_EQ(with.best_range(), without.best_range());
}

TEST(ActivationHistogram, OfNothingIsZero) {
  ActivationHistogram histogram;
  EXPECT_EQ(histogram.best_range(), 0);
  histogram.add(at::zeros({3, 4}));
  EXPECT_EQ(histogram.best_range(), 0);
}

}  // namespace

}  // namespace throng
