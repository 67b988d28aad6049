#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/aligned_allocator.h"
#include "kernels/rows.h"

namespace throng {

/// How many output pixels one tile makes. 4x4 needs 4 times fewer multiplications than the direct sum, 2x2 2.25 times.
enum class WinogradTile { f2x2, f4x4 };

/// Channels-last rows that the convolution reads. Strides count elements.
struct WinogradSource {
  const void* data = nullptr;  ///< channel 0 of pixel (0, 0) of the strip, first image
  int channels = 0;
  std::int64_t pixel_stride = 0;
  std::int64_t row_stride = 0;
  std::int64_t batch_stride = 0;
};

/// Where the convolution writes, channels last. Strides count elements and hold for `residual` too.
struct WinogradTarget {
  void* data = nullptr;
  const void* residual = nullptr;  ///< added before the ReLU; may be null, may be `data`
  std::int64_t pixel_stride = 0;
  std::int64_t row_stride = 0;
  std::int64_t batch_stride = 0;
};

/// The rows to compute. Rows -rows_above to height + rows_below of the sources are read (one above is needed, below up
/// to the end of the last tile and one more); beyond them, and left and right of the picture, all is zero.
///
/// A strip whose first row is a multiple of the tile's side gives the bits of the whole picture if its height is also
/// such a multiple, if it ends where the picture ends, or if `rows_below` reaches past the end of its last tile.
struct WinogradStrip {
  std::int64_t batch = 1;
  int height = 0;
  int width = 0;
  int rows_above = 0;
  int rows_below = 0;
};

/// A 3x3 convolution of stride 1 and padding 1 by Winograd's minimal filtering, with bias, residual and ReLU.
///
/// Sums and transforms are fp32 for f32 and bf16, so bf16 costs only the rounding of what is stored.
/// The results do not depend on the number of threads. Each thread keeps scratch memory until it ends: up to about 5
/// MiB for `in` <= 512, and more in proportion where a wide input meets few output channels; the calling thread keeps
/// up to about 22 MiB more.
class WinogradConvolution {
 public:
  /// Whether this processor has the instructions (AVX-512 F, BW, VL, DQ).
  static bool supported();

  /// `weight` is [out][in][3][3], `bias` [out] or null; both are copied. Throws std::logic_error where not supported(),
  /// and for u8, whose sums are another algorithm's.
  WinogradConvolution(const float* weight, const float* bias, int in, int out, bool relu, WinogradTile tile,
                      KernelType type);

  /// Convolves the sources, joined by channel in their order. Throws std::logic_error unless their channels add up to
  /// `in`.
  void run(std::span<const WinogradSource> sources, const WinogradTarget& target, const WinogradStrip& strip,
           const ParallelFor& parallel) const;

  /// Bytes of the weights as kept.
  std::int64_t packed_bytes() const;

 private:
  int in_ = 0;
  int out_ = 0;
  bool relu_ = false;
  WinogradTile tile_ = WinogradTile::f4x4;
  KernelType type_ = KernelType::f32;
  bool transformed_ = false;  // weights are kept transformed; otherwise they are transformed for each block of tiles
  std::vector<float, AlignedAllocator<float>> weights_;
  std::vector<float> bias_;
};

}  // namespace throng
