#pragma once

#include "throng/counter.h"

namespace throng {

/// The density averaged over a neighbourhood of about two hundredths of the picture's longer side, as it is shown: a
/// map of single heads becomes one of how dense the crowd is. Grids of less than 100 cells a side stay as they are.
/// Negative densities and those that are not numbers count as none.
DensityMap smoothed_for_viewing(const DensityMap& grid);

}  // namespace throng
