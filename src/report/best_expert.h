#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/manifest.h"
#include "throng/counter.h"

namespace throng {

/// A picture's true density map (data/density.h) on a network's grid, people per cell; its sum is the number of points.
/// The grid covers `covered_width` x `covered_height` pixels, which are more than the picture's where a network saw
/// it filled up.
DensityMap density_on_grid(std::span<const Point> points, int width, int height, int grid_width, int grid_height,
                           int covered_width, int covered_height);

/// Which expert is nearest to the truth at each cell (Figure 1).
struct BestExperts {
  static constexpr int kBackground = -1;

  int width = 0;  ///< of the grid
  int height = 0;
  std::vector<int> best;       ///< [height, width]: from 0; kBackground where there is no crowd
  std::vector<double> shares;  ///< of each expert, of the cells with crowd; all 0 where there is none

  bool any() const;
};

/// A cell has crowd where the truth is denser than `foreground` people per pixel, the attention target's threshold;
/// `cell_area` is how many pixels a cell stands for. The earlier of two that are equally near is the best. Throws
/// Error(failure) for maps of other sizes than the truth's.
BestExperts best_experts(std::span<const DensityMap* const> experts, const DensityMap& truth, double cell_area,
                         double foreground);

}  // namespace throng
