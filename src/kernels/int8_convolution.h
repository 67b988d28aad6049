#pragma once

#include <cstdint>
#include <vector>

#include "kernels/aligned_allocator.h"
#include "kernels/rows.h"

namespace throng {

/// What a convolution of bytes sees at once, and how it moves.
struct Int8Window {
  int in = 0;  ///< channels, a multiple of 4
  int out = 0;
  int rows = 1;
  int columns = 1;
  int row_stride = 1;
  int column_stride = 1;
  int dilation = 1;
  int padding = 0;  ///< columns of zeros left and right of the map
};

/// A convolution of u8 with weights of int8, with bias, residual and ReLU. Products are added exactly, in 32 bits; the
/// rest is fp32, rounded once when it is stored.
class Int8Convolution {
 public:
  /// Whether this processor has the instructions (AVX-512 with VNNI).
  static bool supported();

  /// `weights` are [out][rows][columns][in]; channel o gives sum * scales[o] + bias[o], `bias` may be null. All are
  /// copied. Throws std::logic_error where not supported(), or for channels that are no multiple of 4.
  Int8Convolution(const Int8Window& window, const std::int8_t* weights, const float* scales, const float* bias,
                  bool relu);

  /// Computes rows [out.first, out.first + count). `in` begins with the first row that they read, whatever in.first
  /// says, and must have all that are; steps of in.scale are part of the result. Its pixels may overlap: a
  /// pixel_stride below `in` makes a few neighbouring pixels the channels of one. `residual`, of the output's rows and
  /// of any type, may be null, but not the output. Throws std::logic_error where channels or types do not fit.
  void run(const Rows& in, const Rows* residual, const RowsOut& out, int count, const ParallelFor& parallel) const;

 private:
  Int8Window window_;
  bool relu_;
  int vectors_;  // of output channels that are computed together
  std::vector<std::int8_t, AlignedAllocator<std::int8_t>> weights_;
  std::vector<float> scales_;
  std::vector<float> bias_;
  std::vector<std::uint8_t> zeros_;
};

}  // namespace throng
