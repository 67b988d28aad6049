#pragma once

#include <algorithm>
#include <limits>
#include <span>

#include "data/manifest.h"

namespace throng {

/// The centre of the box around some points: where the head of an outlined person is taken to be.
inline Point centre_of(std::span<const Point> outline) {
  Point low{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  Point high{-low.x, -low.y};
  for (const Point& point : outline) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y)};
    high = {std::max(high.x, point.x), std::max(high.y, point.y)};
  }
  return {(low.x + high.x) / 2, (low.y + high.y) / 2};
}

}  // namespace throng
