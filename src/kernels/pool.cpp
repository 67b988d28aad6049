#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "core/text.h"
#include "kernels/row_access.h"
#include "kernels/row_loops.h"
#include "kernels/rows.h"
#include "throng/error.h"

namespace throng {
namespace {

// A cell of a window outside the map is replaced by the nearest one of the map, which lies in the window too: cells may
// then be compared without asking where they lie.
int nearest_cell(int cell, int size) { return std::clamp(cell, 0, size - 1); }

int begin_of(int pooled, const PoolWindow& window) { return pooled * window.stride - window.padding; }

std::vector<std::int64_t> columns_of(const Rows& in, const RowsOut& out, const PoolWindow& window) {
  std::vector<std::int64_t> columns;
  columns.reserve(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(window.kernel));
  for (int x = 0; x < out.width; ++x) {
    for (int i = 0; i < window.kernel; ++i)
      columns.push_back(nearest_cell(begin_of(x, window) + i, in.width) * in.pixel_stride);
  }
  return columns;
}

void require_pooled(int in, int out, const PoolWindow& window) {
  const int with = pooled(in, window, true);
  if (out == with) return;
  const int without = pooled(in, window, false);
  if (out == without) return;
  throw std::logic_error(text("max_pool makes ", without, " of ", in, " cells, or ", with, " with ceil, not the ", out,
                              " of the output: pass an output of that size"));
}

void check(const Rows& in, const RowsOut& out, int count, const PoolWindow& window) {
  require_type("max_pool", out.type, in.type);
  require_channels("max_pool", out.channels, in.channels);
  require_pooled(in.width, out.width, window);
  require_pooled(in.height, out.height, window);
  require_rows("max_pool", in, pool_input(out.first, count, in.height, window).first, out, count);
  if (stored_factor(in, out) != 1.0F) {
    throw std::logic_error("max_pool keeps the scale of bytes: pass an output of the input's scale");
  }
}

}  // namespace

int pooled(int size, const PoolWindow& window, bool ceil) {
  const int movement = size + 2 * window.padding - window.kernel;
  if (window.kernel < 1 || window.stride < 1 || window.padding < 0 || 2 * window.padding > window.kernel || size < 1 ||
      movement + (ceil ? window.stride - 1 : 0) < 0) {
    throw Error(ErrorKind::usage,
                text("a window of ", window.kernel, " cells with stride ", window.stride, " and padding ",
                     window.padding, " does not fit ", size, " cells: use a smaller one, padded by half at most"));
  }
  const int steps = (movement + (ceil ? window.stride - 1 : 0)) / window.stride;
  return ceil && begin_of(steps, window) >= size ? steps : steps + 1;
}

RowRange pool_input(int first, int count, int in_height, const PoolWindow& window) {
  if (count <= 0) return {};
  return {std::clamp(begin_of(first, window), 0, in_height),
          std::clamp(begin_of(first + count - 1, window) + window.kernel, 0, in_height)};
}

void max_pool(const Rows& in, const RowsOut& out, int count, const PoolWindow& window, const ParallelFor& parallel) {
  if (count <= 0) return;
  check(in, out, count, window);
  const std::vector<std::int64_t> columns = columns_of(in, out, window);
  const auto loop = row_loops().pool[static_cast<int>(in.type)];
  for_each_row(out, count, parallel, [&](int row) {
    std::vector<const void*> rows;
    for (int i = 0; i < window.kernel; ++i)
      rows.push_back(row_of(in, nearest_cell(begin_of(row, window) + i, in.height)));
    loop({rows.data(), columns.data(), window.kernel, row_of(out, row), out.pixel_stride, out.width, out.channels});
  });
}

}  // namespace throng
