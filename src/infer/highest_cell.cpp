#include "infer/highest_cell.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace throng {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

int tiles(int cells, int tile) { return (cells + tile - 1) / tile; }

}  // namespace

HighestCell::HighestCell(std::vector<float> values, int width, int height)
    : values_(std::move(values)), width_(width), height_(height), tile_columns_(tiles(width, kTile)) {
  const int rows = tiles(height, kTile);
  leaves_ = std::bit_ceil(static_cast<std::size_t>(rows) * static_cast<std::size_t>(tile_columns_));
  tree_.assign(2 * leaves_, kNone);
  std::size_t leaf = leaves_;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < tile_columns_; ++column) tree_[leaf++] = winner_of_tile(row, column);
  }
  for (std::size_t node = leaves_ - 1; node > 0; --node) tree_[node] = better(tree_[2 * node], tree_[2 * node + 1]);
}

HighestCell::Cell HighestCell::highest() const {
  const std::size_t cell = tree_[1], width = static_cast<std::size_t>(width_);
  return {static_cast<int>(cell % width), static_cast<int>(cell / width)};
}

std::size_t HighestCell::winner_of_tile(int row, int column) const {
  const int right = std::min((column + 1) * kTile, width_), bottom = std::min((row + 1) * kTile, height_);
  std::size_t winner = index(column * kTile, row * kTile);
  for (int y = row * kTile; y < bottom; ++y) {
    for (int x = column * kTile; x < right; ++x) {
      if (values_[index(x, y)] > values_[winner]) winner = index(x, y);
    }
  }
  return winner;
}

std::size_t HighestCell::better(std::size_t first, std::size_t second) const {
  if (second == kNone) return first;
  return values_[second] > values_[first] ? second : first;
}

void HighestCell::hold_contest(int row, int column) {
  std::size_t node = leaves_ + static_cast<std::size_t>(row) * static_cast<std::size_t>(tile_columns_) +
                     static_cast<std::size_t>(column);
  tree_[node] = winner_of_tile(row, column);
  // A winner may have kept its cell and lost its height, so the way goes up to the top.
  for (node /= 2; node > 0; node /= 2) tree_[node] = better(tree_[2 * node], tree_[2 * node + 1]);
}

}  // namespace throng
