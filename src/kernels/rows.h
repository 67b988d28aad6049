#pragma once

#include <cstdint>
#include <functional>

namespace throng {

/// Calls its second argument with ranges [begin, end) that together cover [0, count), in any order and on any threads.
using ParallelFor =
    std::function<void(std::int64_t count, const std::function<void(std::int64_t begin, std::int64_t end)>&)>;

/// What lies in memory. u8 numbers are byte * scale, so never negative.
enum class KernelType { f32, bf16, u8 };

constexpr std::int64_t element_bytes(KernelType type) {
  return type == KernelType::f32 ? 4 : type == KernelType::bf16 ? 2 : 1;
}

/// Rows of one image's feature map as they lie in memory, channels last. Strides count elements; a map that is a slice
/// of a wider one has a pixel_stride above its channels.
struct Rows {
  const void* data = nullptr;  ///< channel 0 of the first pixel of row `first`
  KernelType type = KernelType::f32;
  int channels = 0;
  int width = 0;
  std::int64_t pixel_stride = 0;
  std::int64_t row_stride = 0;
  int first = 0;   ///< the row of the whole map that `data` points at
  int height = 0;  ///< of the whole map
  float scale = 1;
};

/// Rows to be written; the fields are those of Rows.
struct RowsOut {
  void* data = nullptr;
  KernelType type = KernelType::f32;
  int channels = 0;
  int width = 0;
  std::int64_t pixel_stride = 0;
  std::int64_t row_stride = 0;
  int first = 0;
  int height = 0;
  float scale = 1;
};

/// Rows [first, last) of a whole map.
struct RowRange {
  int first = 0;
  int last = 0;
};

// All kernels below compute rows [out.first, out.first + count) of the whole output map, and nothing for a count of 0.
// They read single rows: whatever strips a map is computed in, its bits are the same, and so they are for any number of
// threads and on any processor. They throw std::logic_error where types, channels or sizes do not fit, or where `in`
// begins below a row that is needed; that it reaches far enough down is the caller's care.

/// A square window that moves by `stride` over a map with `padding` cells around it.
struct PoolWindow {
  int kernel = 2;
  int stride = 2;
  int padding = 0;
};

/// Side of the pooled map of a side of `size`. With `ceil` the last window may reach past the padding's end, but begins
/// inside the map or the padding before it: torch's ceil_mode. Throws Error(usage) where no window fits.
int pooled(int size, const PoolWindow& window, bool ceil);

/// Rows of the input that max_pool reads for rows [first, first + count) of the output.
RowRange pool_input(int first, int count, int in_height, const PoolWindow& window);

/// The largest of each window, as torch's max_pool2d: cells outside the map do not count, what is not a number wins.
/// Input and output have the same channels, type and scale.
void max_pool(const Rows& in, const RowsOut& out, int count, const PoolWindow& window, const ParallelFor& parallel);

/// Where a pixel of the output lies in the input: bilinear with pixel centres at +0.5, bilinear with corners on
/// corners, or the pixel floor(output pixel * input size / output size).
enum class ResizeRule { half_pixel, align_corners, nearest };

/// Rows of the input that resize reads for rows [first, first + count) of the output.
RowRange resize_input(int first, int count, int in_height, int out_height, ResizeRule rule);

/// Resizes to out.height x out.width, as torch's upsample_bilinear2d and upsample_nearest2d with given sizes, source
/// coordinates in single precision as there; results agree with torch's to rounding (nearest: to the bit). Input and
/// output have the same channels and type. u8 is rescaled where the scales differ, rounded to nearest, clamped.
void resize(const Rows& in, const RowsOut& out, int count, ResizeRule rule, const ParallelFor& parallel);

// The kernels below work pixel by pixel: `in` must hold the rows of the output, and the maps are of one size. They may
// write into their own input, where element by element lies on itself.

/// Any type to any type. f32 to bf16 rounds to nearest even; to u8 is value / scale rounded to nearest even, clamped to
/// 0..255; what is not a number becomes 0 or 255 by its sign. The same type and scale is a plain copy.
void copy(const Rows& in, const RowsOut& out, int count, const ParallelFor& parallel);

/// features * weights; `weights` are f32 of one channel, the same for all channels of a pixel. The type of the output
/// is that of the features; u8 is rescaled, rounded and clamped as by copy.
void multiply(const Rows& features, const Rows& weights, const RowsOut& out, int count, const ParallelFor& parallel);

/// a + b, with what is negative set to 0 where `relu`; any types and scales. u8 is rounded and clamped as by copy.
void add(const Rows& a, const Rows& b, const RowsOut& out, int count, bool relu, const ParallelFor& parallel);

/// 1 / (1 + exp(-x)), f32 to f32, to 3 units in the last place; below -88 it stays at about 6e-39.
void sigmoid(const Rows& in, const RowsOut& out, int count, const ParallelFor& parallel);

}  // namespace throng
