#pragma once

#include <cstdint>

#include "kernels/rows.h"

// The loops over the pixels and channels of one row, compiled for several instruction sets. Tables are indexed by
// KernelType. All of them round every operation by itself, so that they give the same bits.
namespace throng {

/// One row of a pooled map: the largest of kernel x kernel cells, any of which may occur twice.
struct PoolRow {
  const void* const* rows = nullptr;      ///< [kernel]
  const std::int64_t* columns = nullptr;  ///< [width][kernel], in elements from a row's begin
  int kernel = 0;
  void* out = nullptr;
  std::int64_t out_stride = 0;
  int width = 0;
  int channels = 0;
};

/// One row between two rows: each pixel is blended from two columns, in elements from a row's begin.
struct BlendRow {
  const void* top = nullptr;
  const void* bottom = nullptr;
  float top_weight = 1;                 ///< times the factor of u8 maps with other scales
  float bottom_weight = 0;              ///< the same
  const std::int64_t* left = nullptr;   ///< [width]
  const std::int64_t* right = nullptr;  ///< [width]
  const float* right_weight = nullptr;  ///< [width]
  float* columns = nullptr;             ///< room for 2 * channels numbers
  void* out = nullptr;
  std::int64_t out_stride = 0;
  int width = 0;
  int channels = 0;
};

/// A row whose pixels are some of another's.
struct PickRow {
  const void* in = nullptr;
  const std::int64_t* columns = nullptr;  ///< [width], in elements from the row's begin
  void* out = nullptr;
  std::int64_t out_stride = 0;
  int width = 0;
  int channels = 0;
  float factor = 1;  ///< of u8 maps with other scales
};

/// A row that is computed pixel by pixel. `out` may be `in`.
struct PixelRow {
  const void* in = nullptr;
  std::int64_t in_stride = 0;
  void* out = nullptr;
  std::int64_t out_stride = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  float factor = 1;  ///< to what is stored from what is stored, where one of both is u8
  const float* weights = nullptr;
  std::int64_t weight_stride = 0;
};

/// A row that is the sum of two. `out` may be either of them.
struct SumRow {
  const void* a = nullptr;
  std::int64_t a_stride = 0;
  float a_factor = 1;  ///< to what is stored in the sum from what is stored in `a`, where one of both is u8
  const void* b = nullptr;
  std::int64_t b_stride = 0;
  float b_factor = 1;
  void* out = nullptr;
  std::int64_t out_stride = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  bool relu = false;
};

struct RowLoops {
  void (*pool[3])(const PoolRow&);
  void (*blend[3])(const BlendRow&);
  void (*pick[3])(const PickRow&);
  void (*convert[3][3])(const PixelRow&);  ///< [from][to]; null where nothing is to be converted
  void (*multiply[3])(const PixelRow&);
  void (*sigmoid)(const PixelRow&);
  void (*add[3][3][3])(const SumRow&);  ///< [a][b][sum]
};

const RowLoops& portable_row_loops();
/// Null where the processor lacks the instructions.
const RowLoops* avx2_row_loops();
/// Null where the processor lacks the instructions.
const RowLoops* avx512_row_loops();

/// The fastest of them on this processor.
const RowLoops& row_loops();

}  // namespace throng
