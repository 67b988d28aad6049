#include "kernels/weight_gradient.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <thread>
#include <vector>

#include "kernels/bf16.h"

namespace throng {
namespace {

void alone(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& work) { work(0, count); }

// Each index by itself, the last one first, on threads of their own.
void one_by_one(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& work) {
  for (std::int64_t i = count; i-- > 0;) std::thread([&] { work(i, i + 1); }).join();
}

struct Gradient {
  std::vector<float> weights, bias;
};

Gradient gradient(const std::vector<std::uint16_t>& input, const std::vector<std::uint16_t>& slope,
                  const ConvolutionShape& shape, const ParallelFor& parallel) {
  Gradient sums{std::vector<float>(static_cast<std::size_t>(9) * shape.in * shape.out),
                std::vector<float>(static_cast<std::size_t>(shape.out))};
  weight_gradient_3x3(input.data(), slope.data(), sums.weights.data(), sums.bias.data(), shape, parallel);
  return sums;
}

class WeightGradient : public testing::TestWithParam<ConvolutionShape> {
 protected:
  void SetUp() override {
    if (!can_take_weight_gradient(shape_)) GTEST_SKIP() << "this processor does not multiply bf16";
  }

  // The sum as it is written, in double.
  double naive(int o, int v, int u, int i) const {
    double sum = 0;
    for (std::int64_t n = 0; n < shape_.batch; ++n) {
      for (int y = 0; y < shape_.height; ++y) {
        for (int x = 0; x < shape_.width; ++x) {
          const int row = y + v - 1, column = x + u - 1;
          if (row < 0 || row >= shape_.height || column < 0 || column >= shape_.width) continue;
          sum += static_cast<double>(float_of(slope_[at(n, y, x, shape_.out, o)])) *
                 static_cast<double>(float_of(input_[at(n, row, column, shape_.in, i)]));
        }
      }
    }
    return sum;
  }
  std::size_t at(std::int64_t n, int y, int x, int channels, int c) const {
    return static_cast<std::size_t>(((n * shape_.height + y) * shape_.width + x) * channels + c);
  }

  ConvolutionShape shape_ = GetParam();
  std::size_t pixels_ = static_cast<std::size_t>(shape_.batch * shape_.height * shape_.width);
  std::vector<std::uint16_t> input_ = normal_bf16(pixels_ * shape_.in, 1);
  std::vector<std::uint16_t> slope_ = normal_bf16(pixels_ * shape_.out, 2);
};

TEST_P(WeightGradient, IsTheSumOfItsDefinition) {
  const Gradient sums = gradient(input_, slope_, shape_, alone);
  const double tolerance = 1e-6 * std::sqrt(static_cast<double>(pixels_)) * 20;
  for (int o = 0; o < shape_.out; o += 5) {
    for (int tap = 0; tap < 9; ++tap) {
      for (int i = 0; i < shape_.in; i += 7) {
        ASSERT_NEAR(sums.weights[static_cast<std::size_t>((o * 9 + tap) * shape_.in + i)],
                    naive(o, tap / 3, tap % 3, i), tolerance)
            << "output " << o << ", tap " << tap << ", input " << i;
      }
    }
    double bias = 0;
    for (std::size_t pixel = 0; pixel < pixels_; ++pixel) bias += float_of(slope_[pixel * shape_.out + o]);
    ASSERT_NEAR(sums.bias[o], bias, tolerance);
  }
}

// Training gives the same bits with any number of threads that makes the same pieces of work.
TEST_P(WeightGradient, DoesNotDependOnWhoDoesTheWork) {
  const Gradient once = gradient(input_, slope_, shape_, alone), again = gradient(input_, slope_, shape_, one_by_one);
  EXPECT_EQ(once.weights, again.weights);
  EXPECT_EQ(once.bias, again.bias);
}

// Whole images side by side; an image in several parts, the last one smaller; one row; parts of 128 output channels.
INSTANTIATE_TEST_SUITE_P(Shapes, WeightGradient,
                         testing::Values(ConvolutionShape{3, 5, 6, 32, 64}, ConvolutionShape{2, 37, 128, 32, 32},
                                         ConvolutionShape{70, 8, 4, 64, 32}, ConvolutionShape{1, 1, 2, 96, 32},
                                         ConvolutionShape{1, 3, 4, 160, 160}));

TEST(WeightGradientShapes, OddOnesAreRefused) {
  EXPECT_FALSE(can_take_weight_gradient({1, 8, 7, 32, 32})) << "pixels are taken in pairs";
  EXPECT_FALSE(can_take_weight_gradient({1, 8, 8, 3, 32}));
  EXPECT_FALSE(can_take_weight_gradient({1, 8, 8, 32, 48}));
}

}  // namespace
}  // namespace throng
