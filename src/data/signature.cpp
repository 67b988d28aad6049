#include "data/signature.h"

#include <array>
#include <cmath>
#include <numeric>

#include "image/resize.h"

namespace throng {
namespace {

constexpr int kSide = 16;
/// Below this mean difference between neighbours, in grey levels, only noise is left.
constexpr double kSmallestContrast = 0.25;

using Thumbnail = std::array<std::array<float, kSide>, kSide>;

Thumbnail thumbnail_of(const Image& image) {
  // Twice as fine first: rounding to whole grey levels then hardly matters.
  const Image fine = resize_image(image, 2 * kSide, 2 * kSide);
  Thumbnail thumbnail{};
  for (int y = 0; y < fine.height; ++y) {
    for (int x = 0; x < fine.width; ++x) {
      const std::uint8_t* pixel = fine.pixel(x, y);
      const float luma = 0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2];
      thumbnail[static_cast<std::size_t>(y / 2)][static_cast<std::size_t>(x / 2)] += luma / 4;
    }
  }
  return thumbnail;
}

}  // namespace

ContentSignature content_signature(const Image& image) {
  const Thumbnail thumbnail = thumbnail_of(image);
  ContentSignature signature;
  for (std::size_t y = 0; y < kSide; ++y) {
    for (std::size_t x = 0; x < kSide; ++x) {
      if (x + 1 < kSide) signature.push_back(thumbnail[y][x + 1] - thumbnail[y][x]);
      if (y + 1 < kSide) signature.push_back(thumbnail[y + 1][x] - thumbnail[y][x]);
    }
  }
  const double length = std::sqrt(std::inner_product(signature.begin(), signature.end(), signature.begin(), 0.0));
  if (length < kSmallestContrast * std::sqrt(static_cast<double>(signature.size()))) return {};
  for (float& value : signature) value = static_cast<float>(value / length);
  return signature;
}

double similarity(const ContentSignature& a, const ContentSignature& b) {
  if (a.size() != b.size() || a.empty()) return 0;
  // Four sums, so that the compiler may use vector instructions without reordering one sum.
  std::array<float, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return static_cast<double>(sums[0] + sums[1] + sums[2] + sums[3]);
}

}  // namespace throng
