#pragma once

#include <vector>

#include "infer/pass.h"
#include "infer/scales.h"

namespace throng {

/// A picture counted at one size or several.
struct ScaledCount {
  std::vector<double> factors;  ///< at how many times its size
  double count = 0;             ///< the mean of their counts
  DensityMap grid;              ///< the mean of their maps, in the cells of the first
};

/// Counts at the factors that are given or chosen, mirrored as well where that is wanted. Of the passes, that at the
/// first factor is kept, without its grid. The look for an interval is not taken here, but the chosen scale leaves it
/// room.
ScaledCount count_at_scales(const Scales& scales, const OtherLooks& looks, Passes& passes);

/// Throws Error(failure) where counting a picture of that size so would need more memory than it may take. Where the
/// scale is chosen that is its own size: no other is, where memory does not suffice.
void check_memory_at_scales(const CountingNetwork& network, ImageSize size, const Scales& scales,
                            const OtherLooks& looks);

}  // namespace throng
