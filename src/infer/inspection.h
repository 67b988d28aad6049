#pragma once

#include <optional>
#include <string>
#include <vector>

#include "throng/counter.h"

namespace throng {

/// A density map that a network makes on its way to the count, on the grid of CountResult::grid.
struct InspectedMap {
  std::string name;  ///< "expert1", "group13", "level2_group12", "final"
  int level = 0;     ///< 0 for experts, then 1, 2, ...
  DensityMap map;    ///< people per cell; sums to `count`
  double count = 0;
};

/// How the members of one group are weighed (the paper's G1, G2). Weights that are the same in the whole picture are
/// maps of one cell; those that differ by channel are averaged over the channels.
struct InspectedGate {
  int level = 0;                        ///< from 1
  std::string group;                    ///< "group13", "final"
  std::vector<std::string> candidates;  ///< the maps that are weighed: "expert1", "expert3"
  std::vector<DensityMap> weights;      ///< one per candidate, on the gate's grid; at each cell they sum to 1
};

/// Everything that one forward pass shows of an image. Grids cover the image as the network saw it, which is no smaller
/// than kSmallestSide a side (infer/smallest_side.h).
struct Inspection {
  int width = 0;  ///< of the image, pixels
  int height = 0;
  std::vector<InspectedMap> maps;    ///< each distinct map once, experts first; the last is the final map
  std::vector<InspectedGate> gates;  ///< groups of one member have none, nor have those that are weighed equally
  std::optional<DensityMap> attention = {};  ///< in (0, 1), on a grid of its own; only where a gate uses it
  double count = 0;                          ///< of the final map, as Counter::count gives it
};

}  // namespace throng
