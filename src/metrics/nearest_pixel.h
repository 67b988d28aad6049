#pragma once

#include <cstddef>

namespace throng {

/// Along one axis of `size` pixels, the pixel that a coordinate falls into; beyond the edges the nearest one, for not a
/// number the first.
inline std::size_t nearest_pixel(double coordinate, std::size_t size) {
  if (!(coordinate > 0)) return 0;
  return coordinate >= static_cast<double>(size) ? size - 1 : static_cast<std::size_t>(coordinate);
}

}  // namespace throng
