#pragma once

#include <string>
#include <vector>

#include "throng/counter.h"

namespace throng {

/// How densities are turned into colours and written beside a colour bar. The unit is people per 100 x 100 pixels of
/// the original picture.
struct ColourScale {
  double top = 1;         ///< the density of the last colour: 1, 2 or 5 times a power of ten
  int intervals = 2;      ///< between ticks
  bool exceeded = false;  ///< some cells are denser than `top`

  /// One label a tick, from 0 to `top`; the last says so when cells are denser.
  std::vector<std::string> labels() const;
};

/// What a cell's people are multiplied with to give people per 100 x 100 pixels of a picture of this size.
double cell_density_factor(const DensityMap& grid, int picture_width, int picture_height);

/// A scale on which the crowd's usual densities use all colours: single cells far above the others do not count.
ColourScale choose_scale(const DensityMap& grid, double factor);

}  // namespace throng
