#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/row_access.h"
#include "kernels/row_loops.h"
#include "kernels/rows.h"

namespace throng {
namespace {

void check(const char* kernel, const Rows& in, const RowsOut& out, int count) {
  require_channels(kernel, out.channels, in.channels);
  require_size(kernel, in, out);
  require_rows(kernel, in, out.first, out, count);
}

PixelRow pixel_row(const Rows& in, const RowsOut& out, int row) {
  return {row_of(in, row), in.pixel_stride, row_of(out, row),      out.pixel_stride,
          out.width,       out.channels,    stored_factor(in, out)};
}

// A row of numbers that stay what they are.
void copy_bytes(const PixelRow& row, std::int64_t element) {
  const auto* in = static_cast<const char*>(row.in);
  auto* out = static_cast<char*>(row.out);
  const bool dense = row.in_stride == row.channels && row.out_stride == row.channels;
  const std::int64_t pieces = dense ? 1 : row.width;
  const std::int64_t bytes = (dense ? row.width : 1) * row.channels * element;
  for (std::int64_t i = 0; i < pieces; ++i)
    std::memmove(out + i * row.out_stride * element, in + i * row.in_stride * element, static_cast<std::size_t>(bytes));
}

}  // namespace

void copy(const Rows& in, const RowsOut& out, int count, const ParallelFor& parallel) {
  if (count <= 0) return;
  check("copy", in, out, count);
  const bool same = in.type == out.type && stored_factor(in, out) == 1.0F;
  const auto loop = row_loops().convert[static_cast<int>(in.type)][static_cast<int>(out.type)];
  for_each_row(out, count, parallel, [&](int row) {
    if (same)
      copy_bytes(pixel_row(in, out, row), element_bytes(in.type));
    else
      loop(pixel_row(in, out, row));
  });
}

void multiply(const Rows& features, const Rows& weights, const RowsOut& out, int count, const ParallelFor& parallel) {
  if (count <= 0) return;
  check("multiply", features, out, count);
  require_type("multiply", out.type, features.type);
  require_type("multiply", weights.type, KernelType::f32);
  require_channels("multiply", weights.channels, 1);
  require_size("multiply", weights, out);
  require_rows("multiply", weights, out.first, out, count);
  const auto loop = row_loops().multiply[static_cast<int>(features.type)];
  for_each_row(out, count, parallel, [&](int row) {
    PixelRow pixels = pixel_row(features, out, row);
    pixels.weights = static_cast<const float*>(row_of(weights, row));
    pixels.weight_stride = weights.pixel_stride;
    loop(pixels);
  });
}

void add(const Rows& a, const Rows& b, const RowsOut& out, int count, bool relu, const ParallelFor& parallel) {
  if (count <= 0) return;
  check("add", a, out, count);
  check("add", b, out, count);
  const auto loop = row_loops().add[static_cast<int>(a.type)][static_cast<int>(b.type)][static_cast<int>(out.type)];
  for_each_row(out, count, parallel, [&](int row) {
    loop({row_of(a, row), a.pixel_stride, stored_factor(a, out), row_of(b, row), b.pixel_stride, stored_factor(b, out),
          row_of(out, row), out.pixel_stride, out.width, out.channels, relu});
  });
}

void sigmoid(const Rows& in, const RowsOut& out, int count, const ParallelFor& parallel) {
  if (count <= 0) return;
  check("sigmoid", in, out, count);
  require_type("sigmoid", in.type, KernelType::f32);
  require_type("sigmoid", out.type, KernelType::f32);
  const auto loop = row_loops().sigmoid;
  for_each_row(out, count, parallel, [&](int row) { loop(pixel_row(in, out, row)); });
}

}  // namespace throng
