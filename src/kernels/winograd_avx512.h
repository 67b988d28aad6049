#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/winograd.h"

// The steps of a Winograd convolution for a block of tiles, in AVX-512. A tile's values are numbered by position p, 36
// for 4x4 tiles and 16 for 2x2 ones. Layouts, in floats:
//   inputs   [p][group of tiles][channels / 16][tile_group][16]
//   weights  [p][channel of a chunk][out_block]
//   products [p][tile][out_block]
// The stride from one p to the next is an odd number of cache lines, so that they do not share the cache's sets.
namespace throng::winograd {

constexpr int lanes = 16;       ///< channels that are transformed at once
constexpr int tile_group = 14;  ///< tiles that the product keeps in registers, times out_block
constexpr int out_block = 32;   ///< output channels that are computed at once

constexpr int side(WinogradTile tile) { return tile == WinogradTile::f4x4 ? 4 : 2; }
constexpr int positions(WinogradTile tile) { return tile == WinogradTile::f4x4 ? 36 : 16; }
constexpr std::size_t odd_lines(std::size_t floats) { return (floats + lanes - 1) / lanes / 2 * 2 * lanes + lanes; }

/// Up to 16 channels of one source that fill a part of a vector.
struct Piece {
  int source = 0;
  int channel = 0;  ///< first, of the source
  int lane = 0;     ///< where it goes
  int count = 0;
};

/// One convolution's geometry and where its data lie.
struct Job {
  WinogradTile tile = WinogradTile::f4x4;
  KernelType type = KernelType::f32;
  const WinogradSource* sources = nullptr;
  WinogradTarget target;
  WinogradStrip strip;
  int out = 0;
  bool relu = false;
  const float* bias = nullptr;  ///< padded to out_block
  std::int64_t tile_rows = 0;
  std::int64_t tile_columns = 0;
  std::vector<std::vector<Piece>> vectors;  ///< what each 16 of the joined channels consist of
};

/// Transforms tiles [first, first + count) of the strip into `inputs`, as the block's tiles from `place` on.
void transform_input(const Job& job, std::int64_t first, int count, int place, float* inputs, std::size_t stride);

/// Transforms weights [channel][9][out_block] of `channels` channels.
void transform_weights(WinogradTile tile, const float* weights, int channels, float* transformed, std::size_t stride);

/// products = (begin_sum ? 0 : products) + inputs x weights for `tiles` tiles and the channels of one chunk, which
/// start at 16 * `vector` of 16 * `vectors` channels and number 16 * `chunk_vectors`.
void multiply(int positions, int tiles, int vectors, int vector, int chunk_vectors, bool begin_sum, const float* inputs,
              std::size_t input_stride, const float* weights, std::size_t weight_stride, float* products,
              std::size_t product_stride);

/// Transforms products of tiles [first, first + count) back and writes channels from `channel` on, at most out_block.
void transform_output(const Job& job, std::int64_t first, int count, int channel, const float* products,
                      std::size_t stride);

}  // namespace throng::winograd
