#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/manifest.h"

namespace throng {

/// The part of a picture in which people count: its region of interest, or all of it.
class Region {
 public:
  /// Throws Error(input) for a mask that cannot be read or has another size than its picture.
  explicit Region(const ManifestEntry& entry);

  bool whole() const { return mask_.empty(); }
  /// A point outside the picture belongs to the pixel nearest to it.
  bool contains(const Point& point) const;
  /// Zero outside. The map is [height, width] of the picture.
  void cut(std::span<float> map) const;

 private:
  int width_;
  int height_;
  std::vector<std::uint8_t> mask_;  ///< [height, width], 1 inside; empty = all of the picture
};

}  // namespace throng
