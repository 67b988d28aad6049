#include "infer/fitted_grid.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "infer/cell_length.h"
#include "infer/smallest_side.h"

namespace throng {

namespace {

/// A network's cells, where `seen` pixels stand for `picture` pixels.
CellSide cells_as_counted(int cells, int seen, int picture) {
  const double length = cell_length(std::max(seen, kSmallestSide), cells);
  const int used = std::min(cells, static_cast<int>(std::ceil(seen / length)));
  return {length * picture / seen, used, cells, picture};
}

/// Those that CountResult has instead, of which `seen` pixels are cells as HeadPoints takes them.
CellSide fitted_cells(int cells, int seen, int picture) {
  if (picture == seen) return cells_as_counted(cells, seen, picture);
  if (picture < kSmallestSide) return {1, picture, kSmallestSide, picture};
  if (seen >= kSmallestSide && cells <= picture) return cells_as_counted(cells, seen, picture);
  const int fitted = std::min(seen < kSmallestSide ? seen : cells, picture);
  return {cell_length(seen, fitted) * picture / seen, fitted, fitted, picture};
}

/// A part of a cell's people, and the cell that it goes to.
struct CellShare {
  std::size_t from;
  std::size_t to;
  double part;
};

/// Gives the cells of `side` what lies in [first, last) pixels.
void share_out(double first, double last, std::size_t from, const CellSide& side, std::vector<CellShare>& shares) {
  if (last <= first) return;
  for (int cell = std::min(static_cast<int>(first / side.length), side.cells - 1); cell < side.cells; ++cell) {
    const double end = cell + 1 == side.cells ? last : std::min(last, (cell + 1) * side.length);
    const double part = end - std::max(first, cell * side.length);
    if (part > 0) shares.push_back({from, static_cast<std::size_t>(cell), part / (last - first)});
    if (end >= last) return;
  }
}

/// Cells counted in a mirrored picture begin at its right.
std::vector<CellShare> shares_between(const CellSide& counted, const CellSide& side, bool mirrored) {
  std::vector<CellShare> shares;
  for (int cell = 0; cell < counted.cells; ++cell) {
    const double near = cell * counted.length;
    const double far = std::min<double>(near + counted.length, counted.picture);
    const double first = mirrored ? counted.picture - far : near, last = mirrored ? counted.picture - near : far;
    share_out(first, last, static_cast<std::size_t>(cell), side, shares);
  }
  return shares;
}

}  // namespace

FittedGrid::FittedGrid(CountedGrid first, ImageSize picture)
    : columns_(fitted_cells(first.grid.width, first.seen.width, picture.width)),
      rows_(fitted_cells(first.grid.height, first.seen.height, picture.height)) {
  const bool fits = columns_ == cells_as_counted(first.grid.width, first.seen.width, picture.width) &&
                    rows_ == cells_as_counted(first.grid.height, first.seen.height, picture.height);
  if (fits && !first.mirrored) {
    sum_ = std::move(first.grid);
    counts_ = 1;
    return;
  }
  const std::size_t cells = static_cast<std::size_t>(columns_.padded) * static_cast<std::size_t>(rows_.padded);
  sum_ = {columns_.padded, rows_.padded, std::vector<float>(cells)};
  add(first);
}

void FittedGrid::add(const CountedGrid& other) {
  const auto columns =
      shares_between(cells_as_counted(other.grid.width, other.seen.width, columns_.picture), columns_, other.mirrored);
  const auto rows = shares_between(cells_as_counted(other.grid.height, other.seen.height, rows_.picture), rows_, false);
  for (const CellShare& row : rows) {
    const float* const from = other.grid.values.data() + row.from * static_cast<std::size_t>(other.grid.width);
    float* const to = sum_.values.data() + row.to * static_cast<std::size_t>(sum_.width);
    for (const CellShare& column : columns) {
      to[column.to] += static_cast<float>(row.part * column.part * from[column.from]);
    }
  }
  ++counts_;
}

DensityMap FittedGrid::mean() && {
  if (counts_ > 1) {
    for (float& people : sum_.values) people /= static_cast<float>(counts_);
  }
  return std::move(sum_);
}

}  // namespace throng
