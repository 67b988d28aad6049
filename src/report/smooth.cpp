#include "report/smooth.h"

#include <algorithm>
#include <cmath>

namespace throng {
namespace {

constexpr int kCellsPerRadius = 100;
constexpr int kPasses = 3;  // three box filters come close to a Gaussian

/// Replaces `count` values, `step` apart, by the means over those up to `radius` away that exist.
void box_filter(float* values, int count, std::ptrdiff_t step, int radius, std::vector<float>& line) {
  line.resize(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = values[i * step];
  double sum = 0;
  for (int i = 0; i < std::min(radius, count); ++i) sum += line[static_cast<std::size_t>(i)];
  for (int i = 0; i < count; ++i) {
    if (i + radius < count) sum += line[i + radius];
    if (i - radius > 0) sum -= line[static_cast<std::size_t>(i - radius - 1)];
    const int present = std::min(i + radius, count - 1) - std::max(i - radius, 0) + 1;
    values[i * step] = static_cast<float>(sum / present);
  }
}

}  // namespace

DensityMap smoothed_for_viewing(const DensityMap& grid) {
  DensityMap smooth = grid;
  for (float& value : smooth.values) value = std::isfinite(value) ? std::max(value, 0.0f) : 0.0f;
  const int radius = std::max(grid.width, grid.height) / kCellsPerRadius;
  if (radius == 0) return smooth;
  std::vector<float> line;
  for (int pass = 0; pass < kPasses; ++pass) {
    for (int y = 0; y < grid.height; ++y) {
      box_filter(smooth.values.data() + std::ptrdiff_t{y} * grid.width, grid.width, 1, radius, line);
    }
    for (int x = 0; x < grid.width; ++x) box_filter(smooth.values.data() + x, grid.height, grid.width, radius, line);
  }
  return smooth;
}

}  // namespace throng
