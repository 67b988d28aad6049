#include "evaluate/region.h"

#include <cstddef>

#include "data/region_files.h"
#include "metrics/nearest_pixel.h"

namespace throng {

Region::Region(const ManifestEntry& entry) : width_(entry.width), height_(entry.height) {
  if (!entry.roi.empty()) mask_ = load_region(entry);
}

bool Region::contains(const Point& point) const {
  if (whole()) return true;
  const auto width = static_cast<std::size_t>(width_), height = static_cast<std::size_t>(height_);
  return mask_[nearest_pixel(point.y, height) * width + nearest_pixel(point.x, width)] != 0;
}

void Region::cut(std::span<float> map) const {
  if (whole()) return;
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (mask_[i] == 0) map[i] = 0;
  }
}

}  // namespace throng
