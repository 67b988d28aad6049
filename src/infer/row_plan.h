#pragma once

#include <cstdint>
#include <vector>

#include "infer/grid_size.h"
#include "kernels/rows.h"
#include "model/recording.h"

// A network's local part is computed in steps of a few rows, each map as soon as the maps before it have got far
// enough, and of each map only the rows are kept that something still needs. Nothing is computed twice, every value is
// that of the whole picture up to rounding, and apart from the maps that are wanted whole memory grows with the width
// alone.
namespace throng {

/// Rows [first, first + count) of what a node gives are computed.
struct RowStep {
  int node = 0;
  int first = 0;
  int count = 0;
  int keep_from = 0;  ///< rows of the node before this one are not needed any more
};

/// In which order, and in which pieces, the rows of all maps are computed for a picture of one size.
struct RowPlan {
  std::vector<GridSize> sizes;  ///< of each node's map
  std::vector<int> margins;     ///< rows of zeros that convolutions read above and below each map
  std::vector<int> capacities;  ///< rows that each node holds at most, margins included
  std::vector<RowStep> steps;
  std::vector<int> last_use;  ///< the last step that reads or makes each node; the outputs' are never over
};

/// How much is computed at once.
struct RowBudget {
  /// Of a map, at least: wide layers read their weights again for each piece. At least 4 rows anyway.
  std::int64_t pixels = 8192;
};

/// `outputs` are the nodes whose maps are wanted whole. Throws Error(usage) for a picture that is too small.
RowPlan plan_rows(const FeatureGraph& graph, const std::vector<int>& outputs, GridSize image, const RowBudget& budget);

/// The size of each node's map. Throws Error(usage) for a picture that is too small.
std::vector<GridSize> grid_sizes(const FeatureGraph& graph, GridSize image);

/// Rows of input number `index` that rows [first, last) of a node need, which may lie in the margins.
RowRange rows_needed(const FeatureGraph& graph, const std::vector<GridSize>& sizes, int node, std::size_t index,
                     RowRange rows);

/// What a node of that kind does, in the words of the kernels.
PoolWindow pool_window(const FeatureNode& pool);
ResizeRule resize_rule(const FeatureNode& resize);

/// The most that is held at once, where each node takes its `bytes` from its first step to its last use.
std::int64_t peak_bytes(const RowPlan& plan, const std::vector<std::int64_t>& bytes);

}  // namespace throng
