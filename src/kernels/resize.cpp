#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/row_access.h"
#include "kernels/row_loops.h"
#include "kernels/rows.h"

namespace throng {
namespace {

// A pixel of the output lies between these two of the input, on one axis.
struct Between {
  int first = 0;
  int second = 0;
  float second_weight = 0;
};

// One axis of a resizing.
class Axis {
 public:
  Axis(int in, int out, ResizeRule rule) : in_(in), out_(out), rule_(rule) {
    if (rule == ResizeRule::align_corners)
      scale_ = out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1) : 0.0F;
    else
      scale_ = static_cast<float>(in) / static_cast<float>(out);
  }

  Between at(int pixel) const {
    if (in_ == out_) return {pixel, pixel, 0};
    const float position = position_of(pixel);
    const int first = std::min(static_cast<int>(position), in_ - 1);
    if (rule_ == ResizeRule::nearest) return {first, first, 0};
    return {first, std::min(first + 1, in_ - 1), std::clamp(position - static_cast<float>(first), 0.0F, 1.0F)};
  }

 private:
  // The product and the sum of centres at +0.5 are fused, as torch's are on all processors that can.
  float position_of(int pixel) const {
    if (rule_ == ResizeRule::half_pixel)
      return std::max(std::fma(scale_, static_cast<float>(pixel) + 0.5F, -0.5F), 0.0F);
    return scale_ * static_cast<float>(pixel);
  }

  int in_;
  int out_;
  ResizeRule rule_;
  float scale_;
};

// Where each pixel of a row comes from.
struct Columns {
  std::vector<std::int64_t> left;
  std::vector<std::int64_t> right;
  std::vector<float> right_weight;

  Columns(const Rows& in, int out_width, ResizeRule rule) {
    const Axis axis(in.width, out_width, rule);
    for (int x = 0; x < out_width; ++x) {
      const Between between = axis.at(x);
      left.push_back(between.first * in.pixel_stride);
      right.push_back(between.second * in.pixel_stride);
      right_weight.push_back(between.second_weight);
    }
  }
};

void resize_bilinear(const Rows& in, const RowsOut& out, int count, ResizeRule rule, const ParallelFor& parallel) {
  const Axis rows(in.height, out.height, rule);
  const Columns columns(in, out.width, rule);
  const float factor = stored_factor(in, out);
  const auto loop = row_loops().blend[static_cast<int>(in.type)];
  for_each_row(out, count, parallel, [&](int row) {
    const Between between = rows.at(row);
    std::vector<float> blended(2 * static_cast<std::size_t>(out.channels));
    loop({row_of(in, between.first), row_of(in, between.second), (1.0F - between.second_weight) * factor,
          between.second_weight * factor, columns.left.data(), columns.right.data(), columns.right_weight.data(),
          blended.data(), row_of(out, row), out.pixel_stride, out.width, out.channels});
  });
}

void resize_nearest(const Rows& in, const RowsOut& out, int count, const ParallelFor& parallel) {
  const Axis rows(in.height, out.height, ResizeRule::nearest);
  const Columns columns(in, out.width, ResizeRule::nearest);
  const float factor = stored_factor(in, out);
  const auto loop = row_loops().pick[static_cast<int>(in.type)];
  for_each_row(out, count, parallel, [&](int row) {
    loop({row_of(in, rows.at(row).first), columns.left.data(), row_of(out, row), out.pixel_stride, out.width,
          out.channels, factor});
  });
}

}  // namespace

RowRange resize_input(int first, int count, int in_height, int out_height, ResizeRule rule) {
  if (count <= 0) return {};
  const Axis rows(in_height, out_height, rule);
  return {rows.at(first).first, rows.at(first + count - 1).second + 1};
}

void resize(const Rows& in, const RowsOut& out, int count, ResizeRule rule, const ParallelFor& parallel) {
  if (count <= 0) return;
  require_type("resize", out.type, in.type);
  require_channels("resize", out.channels, in.channels);
  require_rows("resize", in, resize_input(out.first, count, in.height, out.height, rule).first, out, count);
  if (in.height == out.height && in.width == out.width)
    copy(in, out, count, parallel);
  else if (rule == ResizeRule::nearest)
    resize_nearest(in, out, count, parallel);
  else
    resize_bilinear(in, out, count, rule, parallel);
}

}  // namespace throng
