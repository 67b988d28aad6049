#include "report/head_dots.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "image/draw.h"

namespace throng {
namespace {

constexpr Colour kDot = {255, 255, 255};
constexpr Colour kRim = {15, 15, 25};
constexpr double kRimOpacity = 0.7;
constexpr double kShare = 0.1;             ///< of the distance between heads, a dot's radius
constexpr double kSmallestDot = 0.8;       ///< pixels
constexpr double kLargestDot = 1 / 240.0;  ///< of the longer side
constexpr int kBuckets = 40;               ///< along the longer side

/// How far heads stand apart, from how many there are in the 3 x 3 buckets around.
class Spacing {
 public:
  Spacing(const Image& view, std::span<const HeadPoint> places)
      : size_(std::max(view.width, view.height) / static_cast<double>(kBuckets)),
        columns_(bucket(view.width) + 1),
        rows_(bucket(view.height) + 1),
        heads_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {
    for (const HeadPoint& place : places) ++heads_[index(bucket(place.x), bucket(place.y))];
  }

  /// Pixels.
  double around(const HeadPoint& place) const {
    const int column = bucket(place.x), row = bucket(place.y);
    int heads = 0, buckets = 0;
    for (int y = std::max(row - 1, 0); y <= std::min(row + 1, rows_ - 1); ++y) {
      for (int x = std::max(column - 1, 0); x <= std::min(column + 1, columns_ - 1); ++x) {
        heads += heads_[index(x, y)];
        ++buckets;
      }
    }
    return size_ * std::sqrt(static_cast<double>(buckets) / std::max(heads, 1));
  }

 private:
  int bucket(double coordinate) const { return static_cast<int>(coordinate / size_); }
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  }

  double size_;  ///< of a bucket, pixels
  int columns_;
  int rows_;
  std::vector<int> heads_;
};

std::vector<HeadPoint> places_on(const Image& view, const Image& picture, std::span<const HeadPoint> heads) {
  std::vector<HeadPoint> places(heads.begin(), heads.end());
  for (HeadPoint& place : places) {
    place.x = std::clamp(place.x * static_cast<float>(view.width) / static_cast<float>(picture.width), 0.0f,
                         static_cast<float>(view.width));
    place.y = std::clamp(place.y * static_cast<float>(view.height) / static_cast<float>(picture.height), 0.0f,
                         static_cast<float>(view.height));
  }
  return places;
}

}  // namespace

void overlay_heads(Image& view, const Image& picture, std::span<const HeadPoint> heads) {
  const std::vector<HeadPoint> places = places_on(view, picture, heads);
  const Spacing spacing(view, places);
  const double largest = std::max(kSmallestDot, std::max(view.width, view.height) * kLargestDot);
  for (const HeadPoint& place : places) {
    const double radius = std::clamp(spacing.around(place) * kShare, kSmallestDot, largest);
    draw_dot(view, place.x, place.y, radius + std::max(0.6, radius / 3), kRim, kRimOpacity);
    draw_dot(view, place.x, place.y, radius, kDot);
  }
}

}  // namespace throng
