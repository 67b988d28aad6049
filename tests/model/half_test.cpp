#include "model/half.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "expect_error.h"

namespace throng {
namespace {

TEST(Half, IsTheNearestNumberOfTenBits) {
  const at::Tensor half = in_half("head1.0.weight", at::tensor({1.0 + 1.0 / 4096, 2049.0, 65504.0, -1e-9}));
  EXPECT_EQ(half.scalar_type(), at::kHalf);
  EXPECT_TRUE(at::equal(half.to(at::kDouble), at::tensor({1.0, 2048.0, 65504.0, -0.0}, at::kDouble)));
}

TEST(Half, LeavesNormalisationAndWholeNumbersAlone) {
  const at::Tensor variance = at::full({2}, 1e6), steps = at::full({1}, 70000, at::kLong);
  EXPECT_TRUE(in_half("encoder.stem.norm.running_var", variance).is_same(variance));
  EXPECT_TRUE(in_half("steps", steps).is_same(steps));
}

TEST(Half, RefusesWhatItCannotHold) {
  expect_error(ErrorKind::failure, {"head1.1.bias", "fp16"}, [] { in_half("head1.1.bias", at::full({3}, 7e4)); });
}

}  // namespace
}  // namespace throng
