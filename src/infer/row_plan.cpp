#include "infer/row_plan.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "core/text.h"
#include "model/conv_block.h"
#include "throng/error.h"

namespace throng {

namespace {

using Kind = FeatureNode::Kind;

// Rows come in multiples of this: our 3x3 convolutions work on tiles of 4.
constexpr int kRowMultiple = 4;
// Fewer would cost more in steps than they save in memory.
constexpr std::int64_t kFewestPixels = 256;
constexpr int kMostPieces = 4;

// Rows of a map that are computed at once.
int piece_of(GridSize size, const RowBudget& budget) {
  const std::int64_t rows = (std::max(budget.pixels, kFewestPixels) + size.width - 1) / size.width;
  const std::int64_t whole = (rows + kRowMultiple - 1) / kRowMultiple * kRowMultiple;
  return static_cast<int>(std::min<std::int64_t>(whole, size.height + kRowMultiple));
}

GridSize convolved(const ConvSpec& spec, GridSize input) {
  const GridSize size{static_cast<int>(spec.side_of(input.height)), static_cast<int>(spec.side_of(input.width))};
  if (size.height > 0 && size.width > 0) return size;
  throw Error(ErrorKind::usage, text("a convolution of ", spec.kernel, " x ", spec.kernel, " finds no place on ",
                                     input.width, " x ", input.height, " cells: count a larger picture"));
}

// Goes through the picture from its top as the steps will, and writes them down.
class Planner {
 public:
  Planner(const FeatureGraph& graph, const std::vector<int>& outputs, GridSize image, const RowBudget& budget)
      : graph_(graph), consumers_(graph.nodes.size()), kept_whole_(graph.nodes.size()), made_(graph.nodes.size()) {
    const std::size_t nodes = graph.nodes.size();
    plan_.sizes = grid_sizes(graph, image);
    plan_.margins.assign(nodes, 0);
    plan_.capacities.assign(nodes, 0);
    plan_.last_use.assign(nodes, 0);
    for (const int output : outputs) kept_whole_[index(output)] = true;
    for (std::size_t node = 0; node < nodes; ++node) {
      const FeatureNode& what = graph.nodes[node];
      for (std::size_t i = 0; i < what.inputs.size(); ++i) {
        const std::size_t input = index(what.inputs[i]);
        consumers_[input].push_back({static_cast<int>(node), i});
        if (what.kind == Kind::convolution && i == 0)
          plan_.margins[input] = std::max(plan_.margins[input], static_cast<int>(what.block->spec().padding));
      }
      pieces_.push_back(piece_of(plan_.sizes[node], budget));
    }
  }

  RowPlan make() {
    const auto unfinished = [&] {
      for (std::size_t node = 0; node < made_.size(); ++node) {
        if (made_[node] < plan_.sizes[node].height) return true;
      }
      return false;
    };
    while (unfinished()) {
      const std::size_t before = plan_.steps.size();
      for (std::size_t node = 0; node < made_.size(); ++node) advance(static_cast<int>(node));
      if (plan_.steps.size() == before) throw std::logic_error("no row of any feature map can be computed");
    }
    for (std::size_t node = 0; node < made_.size(); ++node) {
      if (kept_whole_[node]) plan_.last_use[node] = std::numeric_limits<int>::max();
    }
    return std::move(plan_);
  }

 private:
  struct Use {
    int node;
    std::size_t input;
  };

  static std::size_t index(int node) { return static_cast<std::size_t>(node); }

  // How far a node's rows, with the zeros behind the last one, have got.
  int available(std::size_t node) const {
    const int height = plan_.sizes[node].height;
    return made_[node] == height ? height + plan_.margins[node] : made_[node];
  }

  bool can_make(int node, int row) const {
    const auto& inputs = graph_.nodes[index(node)].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (rows_needed(graph_, plan_.sizes, node, i, {row, row + 1}).last > available(index(inputs[i]))) return false;
    }
    return true;
  }

  // The first row that cannot be computed yet.
  int reachable(int node) const {
    int low = made_[index(node)];
    // More than a few pieces are never ready at once, and the rest comes with the next round.
    int high = std::min(plan_.sizes[index(node)].height, low + kMostPieces * pieces_[index(node)]);
    if (node == 0) return std::min(low + pieces_[0], high);
    while (low < high) {
      const int middle = (low + high) / 2;
      if (can_make(node, middle)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // The first row of a node that something still has to read.
  int first_needed(std::size_t node) const {
    if (kept_whole_[node]) return -plan_.margins[node];
    int first = made_[node];
    for (const Use& use : consumers_[node]) {
      const int row = made_[index(use.node)];
      if (row >= plan_.sizes[index(use.node)].height) continue;
      first = std::min(first, rows_needed(graph_, plan_.sizes, use.node, use.input, {row, row + 1}).first);
    }
    return first;
  }

  // How many of the reachable rows are computed now. All come in whole pieces but the first ones, which take what is
  // there: a map that waited for a whole piece would lag a piece behind the map before it, not the one row that a
  // convolution has to see, and skip connections hold all rows that the decoder lags behind.
  static int worth_making(int reachable, bool first, int piece) {
    if (!first) return reachable / piece * piece;
    return reachable < piece / 2 ? 0 : reachable;
  }

  void advance(int node) {
    const std::size_t i = index(node);
    const int height = plan_.sizes[i].height;
    const int piece = pieces_[i];
    int target = reachable(node);
    if (target < height) target = made_[i] + worth_making(target - made_[i], made_[i] == 0, piece);
    while (made_[i] < target) {
      // The first and the last piece take a short rest along.
      const int left = target - made_[i];
      const bool whole = left < 2 * piece && (target == height || made_[i] == 0);
      step(i, whole ? left : std::min(piece, left));
    }
  }

  void step(std::size_t node, int count) {
    const int keep_from = first_needed(node);
    const int number = static_cast<int>(plan_.steps.size());
    plan_.steps.push_back({static_cast<int>(node), made_[node], count, keep_from});
    made_[node] += count;
    const int margins = (keep_from < 0 ? -keep_from : 0) + available(node) - made_[node];
    plan_.capacities[node] = std::max(plan_.capacities[node], made_[node] - std::max(keep_from, 0) + margins);
    plan_.last_use[node] = number;
    for (const int input : graph_.nodes[node].inputs) plan_.last_use[index(input)] = number;
  }

  const FeatureGraph& graph_;
  RowPlan plan_;
  std::vector<std::vector<Use>> consumers_;
  std::vector<bool> kept_whole_;
  std::vector<int> made_;    // rows of each node
  std::vector<int> pieces_;  // rows of each node that are computed at once
};

}  // namespace

PoolWindow pool_window(const FeatureNode& pool) {
  return {static_cast<int>(pool.pooling.kernel), static_cast<int>(pool.pooling.stride),
          static_cast<int>(pool.pooling.padding)};
}

ResizeRule resize_rule(const FeatureNode& resize) {
  if (!resize.bilinear) return ResizeRule::nearest;
  return *resize.bilinear == ResizeMode::align_corners ? ResizeRule::align_corners : ResizeRule::half_pixel;
}

std::vector<GridSize> grid_sizes(const FeatureGraph& graph, GridSize image) {
  std::vector<GridSize> sizes;
  for (const FeatureNode& node : graph.nodes) {
    const GridSize input = node.inputs.empty() ? image : sizes[static_cast<std::size_t>(node.inputs.front())];
    switch (node.kind) {
      case Kind::convolution:
        sizes.push_back(convolved(node.block->spec(), input));
        break;
      case Kind::pool:
        sizes.push_back({pooled(input.height, pool_window(node), node.pooling.round_up),
                         pooled(input.width, pool_window(node), node.pooling.round_up)});
        break;
      case Kind::resize:
        sizes.push_back(sizes[static_cast<std::size_t>(node.like)]);
        break;
      case Kind::image:
      case Kind::concat:
      case Kind::sigmoid:
      case Kind::product:
        sizes.push_back(input);
        break;
    }
  }
  return sizes;
}

RowRange rows_needed(const FeatureGraph& graph, const std::vector<GridSize>& sizes, int node, std::size_t index,
                     RowRange rows) {
  const FeatureNode& what = graph.nodes[static_cast<std::size_t>(node)];
  const int in_height = sizes[static_cast<std::size_t>(what.inputs[index])].height;
  const int count = rows.last - rows.first;
  switch (what.kind) {
    case Kind::convolution: {
      if (index > 0) return rows;
      const ConvSpec& spec = what.block->spec();
      const auto first = static_cast<int>(rows.first * spec.stride - spec.padding);
      const auto window = static_cast<int>(spec.dilation * (spec.kernel - 1) + 1);
      return {first, first + static_cast<int>((count - 1) * spec.stride) + window};
    }
    case Kind::pool:
      return pool_input(rows.first, count, in_height, pool_window(what));
    case Kind::resize:
      return resize_input(rows.first, count, in_height, sizes[static_cast<std::size_t>(node)].height,
                          resize_rule(what));
    case Kind::image:
    case Kind::concat:
    case Kind::sigmoid:
    case Kind::product:
      break;
  }
  return rows;
}

RowPlan plan_rows(const FeatureGraph& graph, const std::vector<int>& outputs, GridSize image, const RowBudget& budget) {
  return Planner(graph, outputs, image, budget).make();
}

std::int64_t peak_bytes(const RowPlan& plan, const std::vector<std::int64_t>& bytes) {
  std::vector<bool> held(plan.sizes.size());
  std::vector<std::vector<std::size_t>> ends(plan.steps.size());
  for (std::size_t node = 0; node < plan.sizes.size(); ++node) {
    const auto last = static_cast<std::size_t>(plan.last_use[node]);
    if (last < ends.size()) ends[last].push_back(node);
  }
  std::int64_t now = 0, peak = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto node = static_cast<std::size_t>(plan.steps[i].node);
    if (!held[node]) now += bytes[node];
    held[node] = true;
    peak = std::max(peak, now);
    for (const std::size_t over : ends[i]) now -= bytes[over];
  }
  return peak;
}

}  // namespace throng
