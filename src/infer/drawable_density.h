#pragma once

#include "throng/counter.h"

namespace throng {

/// The density on the grid that covers the picture: smaller pictures were filled up, and their grid covers that as
/// well.
DensityMap drawable_density(const CountResult& result);

}  // namespace throng
