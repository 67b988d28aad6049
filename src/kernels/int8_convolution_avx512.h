#pragma once

#include <cstdint>

#include "kernels/rows.h"

// The inner part of a convolution of bytes, in AVX-512 with VNNI. Weights are [block][tap][in / 4][vectors of the
// block][16 output channels][4 input channels].
namespace throng::int8 {

constexpr int lanes = 16;         ///< output channels of a vector
constexpr int group = 4;          ///< input channels whose products one instruction adds
constexpr int tile = 6;           ///< neighbouring pixels that are computed together
constexpr int block_vectors = 4;  ///< the most vectors of output channels that are computed together

/// One convolution's geometry and where its data lie.
struct Job {
  int rows = 1;  ///< of the window
  int columns = 1;
  int column_stride = 1;
  int dilation = 1;
  int padding = 0;
  int groups = 0;  ///< of input channels
  int out = 0;
  int vectors = 0;  ///< of output channels in a block, but for the last
  bool relu = false;
  const std::int8_t* weights = nullptr;
  const float* factors = nullptr;       ///< to what is stored from sums of products, padded to whole vectors
  const float* bias = nullptr;          ///< in units of what is stored, padded likewise
  const std::uint8_t* zeros = nullptr;  ///< a pixel of them

  int in_width = 0;
  std::int64_t in_stride = 0;  ///< bytes from pixel to pixel
  bool has_residual = false;
  KernelType residual_type = KernelType::u8;
  float residual_factor = 1;
  std::int64_t residual_stride = 0;
  KernelType out_type = KernelType::u8;
  std::int64_t out_stride = 0;
};

/// The rows that one output row is made of, each at its first pixel.
struct RowPointers {
  const std::uint8_t* const* in = nullptr;  ///< [rows of the window]
  const void* residual = nullptr;
  void* out = nullptr;
};

/// Of a row, [first, last).
struct Pixels {
  int first = 0;
  int last = 0;
};

/// Of output channels, job.vectors * lanes in each but the last, [first, last).
struct Blocks {
  int first = 0;
  int last = 0;
};

void convolve(const Job& job, const RowPointers& row, const Pixels& pixels, const Blocks& blocks);

}  // namespace throng::int8
