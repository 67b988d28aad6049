#include "infer/drawable_density.h"

#include <algorithm>

#include "infer/smallest_side.h"

namespace throng {

DensityMap drawable_density(const CountResult& result) {
  return std::min(result.width, result.height) < kSmallestSide ? result.per_pixel() : result.grid;
}

}  // namespace throng
