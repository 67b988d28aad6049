#include "metrics/maps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "expect_error.h"

namespace throng {
namespace {

// Peak 2, one of four values off by 1: 10 log10(4 / (1/4)).
TEST(Psnr, ByHand) {
  const std::vector<float> truth = {0, 1, 2, 1}, predicted = {0, 1, 2, 2};
  EXPECT_NEAR(psnr(predicted, truth, 2, 2), 10 * std::log10(16.0), 1e-9);
  EXPECT_TRUE(std::isinf(psnr(truth, truth, 2, 2)));
  const std::vector<float> nothing(4, 0.0F);
  EXPECT_EQ(psnr(predicted, nothing, 2, 2), 0.0);
}

TEST(Ssim, EqualMapsAreOneAndShuffledOnesAreFar) {
  std::vector<float> truth(20 * 15), shifted(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = i % 7 == 0 ? 1.0F : 0.0F;
    shifted[i] = i % 7 == 3 ? 1.0F : 0.0F;
  }
  EXPECT_NEAR(ssim(truth, truth, 20, 15), 1.0, 1e-12);
  EXPECT_LT(ssim(shifted, truth, 20, 15), 0.2);
}

// Two flat maps: only the luminance term is left, (2ab + C1) / (a^2 + b^2 + C1) with b = 1 after scaling by the peak.
TEST(Ssim, FlatMapsByHand) {
  const std::vector<float> truth(12 * 12, 4.0F), predicted(12 * 12, 2.0F);
  EXPECT_NEAR(ssim(predicted, truth, 12, 12), (2 * 0.5 + 1e-4) / (0.25 + 1 + 1e-4), 1e-9);
}

// Computed with SciPy: correlate1d with the Gaussian, zeros outside, divided by the same of a map of ones.
TEST(Ssim, AgreesWithASecondImplementation) {
  std::vector<float> truth(20 * 15), far(truth.size()), near(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = static_cast<float>(i * 37 % 11) / 10.0F;
    far[i] = static_cast<float>(i * 53 % 13) / 8.0F;
    near[i] = 0.8F * truth[i] + 0.2F * far[i];
  }
  EXPECT_NEAR(ssim(far, truth, 20, 15), -0.001060034794, 1e-6);
  EXPECT_NEAR(ssim(near, truth, 20, 15), 0.921546824042, 1e-6);
}

TEST(Foreground, CountsWhereTheTruthIs) {
  const std::vector<float> truth = {0, 1e-6F, 0.5F, 0.25F}, predicted = {3, 2, 0.25F, 0.5F};
  const ForegroundCounts counts = foreground_counts(predicted, truth, 1e-5);
  EXPECT_DOUBLE_EQ(counts.predicted, 0.75);
  EXPECT_DOUBLE_EQ(counts.truth, 0.75);
}

TEST(Maps, OfAnotherSizeAreRefused) {
  const std::vector<float> map(6);
  expect_error(ErrorKind::usage, {"2x2"}, [&] { psnr(map, map, 2, 2); });
  expect_error(ErrorKind::usage, {"2x2"}, [&] { ssim(map, map, 2, 2); });
  const std::vector<float> shorter(5);
  expect_error(ErrorKind::usage, {"5", "6"}, [&] { foreground_counts(shorter, map, 1e-5); });
}

}  // namespace
}  // namespace throng
