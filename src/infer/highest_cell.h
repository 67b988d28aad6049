#pragma once

#include <cstddef>
#include <vector>

namespace throng {

/// A map that always knows its highest cell: each tile of 8 x 8 cells has a winner, and a tree of winners stands on the
/// tiles. Finding it costs nothing, changing some cells the work of their tiles.
class HighestCell {
 public:
  struct Cell {
    int x = 0;
    int y = 0;
  };

  /// `values` [height, width], at least one.
  HighestCell(std::vector<float> values, int width, int height);

  /// Among equals the one of the earliest tile, and there the first.
  Cell highest() const;
  float value(int x, int y) const { return values_[index(x, y)]; }

  /// Gives change(x, y, value&) every cell of a window, which lies inside the map.
  template <class Change>
  void change(int left, int top, int right, int bottom, const Change& change) {
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) change(x, y, values_[index(x, y)]);
    }
    for (int row = top / kTile; row <= bottom / kTile; ++row) {
      for (int column = left / kTile; column <= right / kTile; ++column) hold_contest(row, column);
    }
  }

 private:
  static constexpr int kTile = 8;

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  std::size_t winner_of_tile(int row, int column) const;
  std::size_t better(std::size_t first, std::size_t second) const;
  void hold_contest(int row, int column);

  std::vector<float> values_;
  int width_;
  int height_;
  int tile_columns_;
  std::size_t leaves_;             ///< a power of two, at least one for every tile
  std::vector<std::size_t> tree_;  ///< tree_[1] is the highest cell; those of tiles begin at leaves_
};

}  // namespace throng
