#include "weights/finite.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace throng {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Judged by isfinite in fp32. Rows of a matrix's transpose do not lie one after the other.
TEST(Finite, IsWhatIsFiniteInFp32) {
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kFloat, at::kDouble}) {
    for (const double value : {0.0, -0.0, 1e-7, 6e4, 1e38, 1e300, kInfinity, -kInfinity, std::nan("")}) {
      const at::Tensor wide = at::ones({3, 5}, at::kDouble).t();
      wide[4][1] = value;
      const at::Tensor tensor = wide.to(type);
      EXPECT_EQ(all_finite(tensor), at::isfinite(tensor.to(at::kFloat)).all().item<bool>()) << type << " " << value;
    }
  }
  EXPECT_TRUE(all_finite(at::empty({0, 4})));
}

TEST(Finite, WholeNumbersOfAFileAreNotLookedAt) {
  TensorFile file;
  file.tensors["steps"] = at::full({1}, 0x7f800000, at::kInt);
  file.tensors["weight"] = at::ones({2, 2});
  EXPECT_TRUE(all_finite(file));
  file.tensors["weight"][1][0] = kInfinity;
  EXPECT_FALSE(all_finite(file));
}

}  // namespace
}  // namespace throng
