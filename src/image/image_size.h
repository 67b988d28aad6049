#pragma once

#include <cstdint>

namespace throng {

/// Of a picture, pixels.
struct ImageSize {
  int width = 0;
  int height = 0;

  std::int64_t pixels() const { return std::int64_t{width} * height; }
  bool operator==(const ImageSize&) const = default;
};

/// Of an Image of that size.
inline std::int64_t picture_bytes(ImageSize size) { return 3 * size.pixels(); }

}  // namespace throng
