#include <gtest/gtest.h>

#include <cmath>

#include "synth/lens.h"

namespace throng::synth {
namespace {

Image picture(int width, int height) {
  Image image{width, height, std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width * height))};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        image.pixel(x, y)[c] = static_cast<std::uint8_t>(128 + 60 * std::sin(x * 0.35) * std::cos(y * 0.45));
      }
    }
  }
  return image;
}

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

TEST(JpegLoss, LowerQualityLosesMore) {
  const Image original = picture(61, 43);  // no multiple of a block
  Image best = original;
  Image middle = original;
  Image worst = original;
  compress_like_jpeg(best, 98);
  compress_like_jpeg(middle, 60);
  compress_like_jpeg(worst, 10);
  EXPECT_LT(mean_difference(original, best), 2);
  EXPECT_LT(mean_difference(original, best), mean_difference(original, middle));
  EXPECT_LT(mean_difference(original, middle), mean_difference(original, worst));
}

TEST(JpegLoss, AGreyAreaStays) {
  Image image{40, 24, std::vector<std::uint8_t>(3 * 40 * 24, 128)};
  const Image original = image;
  compress_like_jpeg(image, 50);
  EXPECT_EQ(image.rgb, original.rgb);
}

}  // namespace
}  // namespace throng::synth
