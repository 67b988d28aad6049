#include "report/panel_layout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace throng {
namespace {

constexpr int kMostColumns = 12;
constexpr double kScreenShape = 1.6;

/// Which panels of a sheet are taken; it grows downwards.
class Places {
 public:
  explicit Places(int columns) : columns_(columns) {}

  int rows() const { return static_cast<int>(taken_.size()) / columns_; }

  bool is_free(const PanelBlock& block) const {
    if (block.column + block.columns > columns_) return false;
    for (int y = block.row; y < std::min(block.row + block.rows, rows()); ++y) {
      for (int x = block.column; x < block.column + block.columns; ++x) {
        if (taken_[at(x, y)]) return false;
      }
    }
    return true;
  }

  void take(const PanelBlock& block) {
    taken_.resize(std::max(taken_.size(), at(0, block.row + block.rows)));
    for (int y = block.row; y < block.row + block.rows; ++y) {
      for (int x = block.column; x < block.column + block.columns; ++x) taken_[at(x, y)] = true;
    }
  }

 private:
  std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  }

  int columns_;
  std::vector<bool> taken_;  ///< [rows, columns]
};

}  // namespace

PanelLayout pack(std::vector<PanelBlock> blocks, int columns) {
  Places places(columns);
  for (PanelBlock& block : blocks) {
    for (int place = 0;; ++place) {
      block.column = place % columns;
      block.row = place / columns;
      if (places.is_free(block)) break;
    }
    places.take(block);
  }
  return {std::move(blocks), columns, places.rows()};
}

PanelLayout lay_out(const std::vector<PanelBlock>& blocks, int panel_width, int panel_height) {
  int widest = 1, panels = 0;
  for (const PanelBlock& block : blocks) {
    widest = std::max(widest, block.columns);
    panels += block.columns * block.rows;
  }
  PanelLayout best;
  double least = std::numeric_limits<double>::infinity();
  for (int columns = widest; columns <= std::max(widest, kMostColumns); ++columns) {
    PanelLayout layout = pack(blocks, columns);
    const double shape = static_cast<double>(columns) * panel_width / (static_cast<double>(layout.rows) * panel_height);
    const double holes = 1 - static_cast<double>(panels) / (static_cast<double>(columns) * layout.rows);
    const double cost = std::abs(std::log(shape / kScreenShape)) + 2 * holes;
    if (cost < least) {
      least = cost;
      best = std::move(layout);
    }
  }
  return best;
}

}  // namespace throng
