#include "image/blur.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr double kLargestSigma = 1000;
constexpr std::int64_t kUnit = std::int64_t{1} << 14;  ///< what the weights sum to
constexpr int kFraction = 6;                           ///< bits behind the point between the two passes

/// From the middle outwards: weights[k] is that of the neighbours k pixels away. Whole numbers, so that a blurred
/// picture is the same on every machine.
std::vector<std::int64_t> half_bell(double sigma) {
  constexpr double kLeastSigma = 0.05;  // below it the neighbours weigh nothing, and squares may be 0
  sigma = std::max(sigma, kLeastSigma);
  const int radius = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
  std::vector<double> bell;
  double sum = 0;
  for (int k = 0; k <= radius; ++k) {
    bell.push_back(std::exp(-0.5 * k * k / (sigma * sigma)));
    sum += k == 0 ? bell.back() : 2 * bell.back();
  }
  std::vector<std::int64_t> weights;
  std::int64_t left = kUnit;
  for (const double value : bell) {
    weights.push_back(std::llround(value / sum * static_cast<double>(kUnit)));
    left -= (weights.size() == 1 ? 1 : 2) * weights.back();
  }
  weights[0] += left;
  return weights;
}

/// The place inside [0, length) that a place beyond its ends mirrors.
int mirrored(int place, int length) {
  const int period = 2 * length;
  const int folded = (place % period + period) % period;
  return folded < length ? folded : period - 1 - folded;
}

/// Convolves `lines` lines of `length` pixels; `step` and `line_step` are distances in values.
void convolve_lines(std::vector<std::uint16_t>& values, const std::vector<std::int64_t>& weights, int lines, int length,
                    std::size_t line_step, std::size_t step) {
  const int radius = static_cast<int>(weights.size()) - 1;
  std::vector<std::int64_t> line(static_cast<std::size_t>(length) + 2 * static_cast<std::size_t>(radius));
  for (int l = 0; l < lines; ++l) {
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint16_t* const start = values.data() + static_cast<std::size_t>(l) * line_step + c;
      auto next = line.begin();
      for (int i = -radius; i < length + radius; ++i) {
        *next++ = start[static_cast<std::size_t>(mirrored(i, length)) * step];
      }
      for (int i = 0; i < length; ++i) {
        const std::int64_t* const middle = line.data() + i + radius;
        std::int64_t sum = weights[0] * middle[0];
        for (int k = 1; k <= radius; ++k) sum += weights[static_cast<std::size_t>(k)] * (middle[-k] + middle[k]);
        start[static_cast<std::size_t>(i) * step] = static_cast<std::uint16_t>((sum + kUnit / 2) / kUnit);
      }
    }
  }
}

}  // namespace

Image blur_image(const Image& image, double sigma) {
  if (!(sigma >= 0 && sigma <= kLargestSigma)) {
    throw Error(ErrorKind::failure, text("a picture cannot be blurred by ", sigma, " pixels: give 0 to 1000"));
  }
  if (sigma == 0) return image;
  const std::vector<std::int64_t> weights = half_bell(sigma);
  std::vector<std::uint16_t> values(image.rgb.size());
  std::ranges::transform(image.rgb, values.begin(),
                         [](std::uint8_t value) { return static_cast<std::uint16_t>(value << kFraction); });
  const std::size_t row = 3 * static_cast<std::size_t>(image.width);
  convolve_lines(values, weights, image.height, image.width, row, 3);
  convolve_lines(values, weights, image.width, image.height, 3, row);
  Image result{image.width, image.height, std::vector<std::uint8_t>(image.rgb.size())};
  constexpr int kHalf = 1 << (kFraction - 1);
  std::ranges::transform(values, result.rgb.begin(),
                         [](std::uint16_t value) { return static_cast<std::uint8_t>((value + kHalf) >> kFraction); });
  return result;
}

}  // namespace throng
