#pragma once

#include <cmath>

namespace throng {

/// How many pixels of a side each of a grid's cells covers. Networks halve sides with rounding, so the cells may be
/// whole pixels of which the last covers a part, or which leave some pixels over.
inline double cell_length(int pixels, int cells) {
  const double even = static_cast<double>(pixels) / cells;
  const double whole = std::round(even);
  return std::ceil(pixels / whole) == cells || std::floor(pixels / whole) == cells ? whole : even;
}

}  // namespace throng
