#include "kernels/normalise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "kernels/bf16.h"

namespace throng {
namespace {

void alone(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& work) { work(0, count); }
void one_by_one(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& work) {
  for (std::int64_t i = count; i-- > 0;) work(i, i + 1);
}

constexpr PixelShape kShape{1300, 19};  // several chunks, and channels that fill no vector
constexpr std::size_t kChannels = 19;

class Normalise : public testing::Test {
 protected:
  double value(std::size_t pixel, std::size_t c) const { return float_of(x_[pixel * kChannels + c]); }
  double slope(std::size_t pixel, std::size_t c) const {
    return value(pixel, c) * scale_[c] + shift_[c] > 0 ? float_of(gradient_[pixel * kChannels + c]) : 0.0;
  }

  std::vector<std::uint16_t> x_ = normal_bf16(kShape.pixels * kChannels, 1, 3);
  std::vector<std::uint16_t> gradient_ = normal_bf16(kShape.pixels * kChannels, 2);
  std::vector<float> scale_ = std::vector<float>(kChannels, 0.5F), shift_ = std::vector<float>(kChannels, -1.5F);
  ScaledRelu function_{scale_.data(), shift_.data(), true};
};

TEST_F(Normalise, MomentsAreThoseOfTheChannels) {
  std::vector<float> mean(kChannels), variance(kChannels), other_mean(kChannels), other_variance(kChannels);
  channel_moments(x_.data(), kShape, mean.data(), variance.data(), alone);
  for (std::size_t c = 0; c < kChannels; ++c) {
    double sum = 0, squares = 0;
    for (std::size_t pixel = 0; pixel < kShape.pixels; ++pixel) sum += value(pixel, c);
    sum /= kShape.pixels;
    for (std::size_t pixel = 0; pixel < kShape.pixels; ++pixel) squares += std::pow(value(pixel, c) - sum, 2);
    EXPECT_NEAR(mean[c], sum, 1e-5);
    EXPECT_NEAR(variance[c], squares / kShape.pixels, 1e-5);
  }
  channel_moments(x_.data(), kShape, other_mean.data(), other_variance.data(), one_by_one);
  EXPECT_EQ(mean, other_mean);
  EXPECT_EQ(variance, other_variance);
}

TEST_F(Normalise, ScalesShiftsAndCutsOff) {
  std::vector<std::uint16_t> out(x_.size()), uncut(x_.size());
  scaled_relu(x_.data(), kShape, function_, out.data(), alone);
  scaled_relu(x_.data(), kShape, {scale_.data(), shift_.data(), false}, uncut.data(), one_by_one);
  bool some_are_cut = false;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const double exact = value(i / kChannels, i % kChannels) * 0.5 - 1.5;
    EXPECT_NEAR(float_of(uncut[i]), exact, std::abs(exact) / 256 + 1e-7);
    EXPECT_EQ(float_of(out[i]), std::max(0.0F, float_of(uncut[i])));
    some_are_cut |= exact < 0;
  }
  EXPECT_TRUE(some_are_cut);
}

TEST_F(Normalise, GradientsPassWhereTheReluDoes) {
  std::vector<float> sum(kChannels), products(kChannels);
  scaled_relu_sums(x_.data(), gradient_.data(), kShape, function_, sum.data(), products.data(), alone);
  const std::vector<float> by_gradient(kChannels, 2), by_x(kChannels, 0.25F), constant(kChannels, -1);
  std::vector<std::uint16_t> out(x_.size());
  scaled_relu_gradient(x_.data(), gradient_.data(), kShape, function_,
                       {by_gradient.data(), by_x.data(), constant.data()}, out.data(), one_by_one);
  for (std::size_t c = 0; c < kChannels; ++c) {
    double slopes = 0, slopes_times_values = 0;
    for (std::size_t pixel = 0; pixel < kShape.pixels; ++pixel) {
      slopes += slope(pixel, c);
      slopes_times_values += slope(pixel, c) * value(pixel, c);
      const double exact = 2 * slope(pixel, c) + 0.25 * value(pixel, c) - 1;
      ASSERT_NEAR(float_of(out[pixel * kChannels + c]), exact, std::abs(exact) / 256 + 1e-6);
    }
    EXPECT_NEAR(sum[c], slopes, 1e-3);
    EXPECT_NEAR(products[c], slopes_times_values, 1e-2);
  }
}

}  // namespace
}  // namespace throng
