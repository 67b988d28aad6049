#include "data/colour.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace throng {
namespace {

constexpr double kLargestChange = 0.4;

double factor(const Draw& draw, std::uint64_t index, double strength) {
  return draw.uniform(index, 1 - kLargestChange * strength, 1 + kLargestChange * strength);
}

/// BT.601 in 16-bit fixed point.
int luma(const std::uint8_t* pixel) { return (19595 * pixel[0] + 38470 * pixel[1] + 7471 * pixel[2] + 32768) >> 16; }

}  // namespace

void change_colour(Image& image, double strength, const Draw& draw) {
  const double brightness = factor(draw, 0, strength);
  const double contrast = factor(draw, 1, strength);
  const double gamma = factor(draw, 2, strength);
  const int saturation = static_cast<int>(std::lround(256 * factor(draw, 3, strength)));

  std::array<std::uint8_t, 256> tone;
  for (std::size_t i = 0; i < tone.size(); ++i) {
    const double bent = 255 * std::pow(static_cast<double>(i) / 255, gamma);
    tone[i] = nearest_level((brightness * bent - 128) * contrast + 128);
  }
  for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    std::uint8_t* pixel = image.rgb.data() + i;
    for (int c = 0; c < 3; ++c) pixel[c] = tone[pixel[c]];
    const int grey = luma(pixel);
    for (int c = 0; c < 3; ++c) {
      pixel[c] = static_cast<std::uint8_t>(std::clamp(grey + ((pixel[c] - grey) * saturation + 128) / 256, 0, 255));
    }
  }
}

void make_grey(Image& image) {
  for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    const auto grey = static_cast<std::uint8_t>(luma(image.rgb.data() + i));
    std::fill_n(image.rgb.data() + i, 3, grey);
  }
}

}  // namespace throng
