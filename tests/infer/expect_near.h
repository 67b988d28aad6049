#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>

namespace throng {

/// Both undefined, or of one shape and nowhere further apart than 1e-4 of the largest expected value.
inline void expect_near(const at::Tensor& actual, const at::Tensor& expected, const std::string& what) {
  ASSERT_EQ(actual.defined(), expected.defined()) << what;
  if (!actual.defined()) return;
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  const double largest = expected.abs().max().item<double>();
  EXPECT_LE((actual - expected).abs().max().item<double>(), 1e-4 * largest) << what;
}

}  // namespace throng
