#include "evaluate/region.h"

#include <cstddef>

#include "data/region_files.h"

namespace throng {

namespace {

std::size_t nearest_pixel(double coordinate, int size) {
  if (!(coordinate > 0)) return 0;
  if (coordinate >= size) return static_cast<std::size_t>(size) - 1;
  return static_cast<std::size_t>(coordinate);
}

}  // namespace

Region::Region(const ManifestEntry& entry) : width_(entry.width), height_(entry.height) {
  if (!entry.roi.empty()) mask_ = load_region(entry);
}

bool Region::contains(const Point& point) const {
  if (whole()) return true;
  const std::size_t row = nearest_pixel(point.y, height_);
  return mask_[row * static_cast<std::size_t>(width_) + nearest_pixel(point.x, width_)] != 0;
}

void Region::cut(std::span<float> map) const {
  if (whole()) return;
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (mask_[i] == 0) map[i] = 0;
  }
}

}  // namespace throng
