#include "kernels/winograd.h"

#include <algorithm>
#include <cstddef>

#include "core/text.h"
#include "kernels/winograd_avx512.h"
#include "kernels/winograd_scratch.h"
#include "throng/error.h"

namespace throng {
namespace {

using namespace winograd;

// Weights up to this many pairs of channels are kept transformed (4 times their size): blocks of tiles are then small
// enough for the second-level cache, and transforming them for each block would cost too much. Larger ones are
// transformed on the way, which is cheap for the many tiles of a large block and spares memory traffic.
constexpr std::int64_t transformed_pairs = 256 * 256;

constexpr int round_up(int value, int step) { return (value + step - 1) / step * step; }

// Vectors of input channels whose weights are used together: 16 KB for one position if kept transformed, and all
// positions in the second-level cache if not.
constexpr int chunk_vectors(bool transformed) { return transformed ? 8 : 4; }

// The weights of one block of output channels and one chunk of input channels.
struct Chunks {
  int vectors = 0;  // of all input channels
  int per_chunk = 0;
  int positions = 0;
  int count() const { return (vectors + per_chunk - 1) / per_chunk; }
  int size(int chunk) const { return std::min(per_chunk, vectors - chunk * per_chunk); }
  std::size_t stride() const {
    return odd_lines(static_cast<std::size_t>(std::min(per_chunk, vectors)) * lanes * out_block);
  }
  std::size_t floats() const { return stride() * static_cast<std::size_t>(positions); }
};

// What each vector of 16 joined channels consists of.
std::vector<std::vector<Piece>> join(std::span<const WinogradSource> sources, int vectors) {
  std::vector<std::vector<Piece>> result(static_cast<std::size_t>(vectors));
  int joined = 0;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    for (int channel = 0; channel < sources[s].channels;) {
      const int lane = joined % lanes;
      const int count = std::min(lanes - lane, sources[s].channels - channel);
      result[static_cast<std::size_t>(joined / lanes)].push_back({static_cast<int>(s), channel, lane, count});
      channel += count;
      joined += count;
    }
  }
  return result;
}

}  // namespace

bool WinogradConvolution::supported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
}

WinogradConvolution::WinogradConvolution(const float* weight, const float* bias, int in, int out, bool relu,
                                         WinogradTile tile, KernelType type)
    : in_(in),
      out_(out),
      relu_(relu),
      tile_(tile),
      type_(type),
      transformed_(static_cast<std::int64_t>(in) * out <= transformed_pairs) {
  if (!supported()) {
    throw Error(ErrorKind::usage, "Winograd's convolutions need a processor with AVX-512: use the others on this one");
  }
  const int blocks = round_up(out, out_block) / out_block;
  const int channels = round_up(in, lanes);
  const Chunks chunks{channels / lanes, chunk_vectors(transformed_), positions(tile)};
  bias_.assign(static_cast<std::size_t>(blocks) * out_block, 0.0F);
  if (bias != nullptr) std::copy(bias, bias + out, bias_.begin());

  const std::size_t block_floats = static_cast<std::size_t>(channels) * 9 * out_block;
  const std::size_t kept_floats =
      transformed_ ? chunks.floats() * static_cast<std::size_t>(chunks.count()) : block_floats;
  weights_.assign(kept_floats * static_cast<std::size_t>(blocks), 0.0F);
  std::vector<float> block(transformed_ ? block_floats : 0);
  for (int b = 0; b < blocks; ++b) {
    float* kept = weights_.data() + static_cast<std::size_t>(b) * kept_floats;
    std::fill(block.begin(), block.end(), 0.0F);
    float* packed = transformed_ ? block.data() : kept;
    for (int o = 0; o < std::min(out_block, out - b * out_block); ++o) {
      const float* from = weight + (static_cast<std::size_t>(b) * out_block + static_cast<std::size_t>(o)) *
                                       static_cast<std::size_t>(in) * 9;
      for (std::size_t i = 0; i < static_cast<std::size_t>(in) * 9; ++i) {
        packed[i * out_block + static_cast<std::size_t>(o)] = from[i];
      }
    }
    if (!transformed_) continue;
    for (int c = 0; c < chunks.count(); ++c) {
      const std::size_t channel = static_cast<std::size_t>(c) * static_cast<std::size_t>(chunks.per_chunk) * lanes;
      transform_weights(tile, packed + channel * 9 * out_block, chunks.size(c) * lanes,
                        kept + static_cast<std::size_t>(c) * chunks.floats(), chunks.stride());
    }
  }
}

std::int64_t WinogradConvolution::packed_bytes() const {
  return static_cast<std::int64_t>((weights_.size() + bias_.size()) * sizeof(float));
}

void WinogradConvolution::run(std::span<const WinogradSource> sources, const WinogradTarget& target,
                              const WinogradStrip& strip, const ParallelFor& parallel) const {
  int channels = 0;
  for (const WinogradSource& source : sources) channels += source.channels;
  if (channels != in_) {
    throw Error(ErrorKind::usage, text("the sources of a convolution have ", channels,
                                       " channels together, its weights ", in_, ": pass sources that fit"));
  }
  if (strip.batch <= 0 || strip.height <= 0 || strip.width <= 0) return;

  const int size = side(tile_);
  const int vectors = round_up(in_, lanes) / lanes;
  const int blocks = round_up(out_, out_block) / out_block;
  const Chunks chunks{vectors, chunk_vectors(transformed_), positions(tile_)};
  Job job;
  job.tile = tile_;
  job.type = type_;
  job.sources = sources.data();
  job.target = target;
  job.strip = strip;
  job.out = out_;
  job.relu = relu_;
  job.bias = bias_.data();
  job.tile_rows = (strip.height + size - 1) / size;
  job.tile_columns = (strip.width + size - 1) / size;
  job.vectors = join(sources, vectors);
  const std::int64_t tiles = strip.batch * job.tile_rows * job.tile_columns;

  const auto input_stride = [&](int count) {
    return odd_lines(static_cast<std::size_t>(round_up(count, tile_group)) * static_cast<std::size_t>(vectors) * lanes);
  };
  // One block of output channels of `count` tiles from `first` on, whose inputs are transformed.
  const auto compute = [&](std::int64_t first, int count, int block, const float* inputs, std::size_t stride) {
    static thread_local Scratch products_scratch;
    static thread_local Scratch weights_scratch;
    const std::size_t product_stride = odd_lines(static_cast<std::size_t>(count) * out_block);
    float* products = products_scratch.floats(product_stride * static_cast<std::size_t>(chunks.positions));
    float* own = transformed_ ? nullptr : weights_scratch.floats(chunks.floats());
    for (int c = 0; c < chunks.count(); ++c) {
      const float* weights = own;
      if (transformed_) {
        weights = weights_.data() + (static_cast<std::size_t>(block) * static_cast<std::size_t>(chunks.count()) +
                                     static_cast<std::size_t>(c)) *
                                        chunks.floats();
      } else {
        const std::size_t channel = static_cast<std::size_t>(block) * static_cast<std::size_t>(vectors) * lanes +
                                    static_cast<std::size_t>(c) * static_cast<std::size_t>(chunks.per_chunk) * lanes;
        transform_weights(tile_, weights_.data() + channel * 9 * out_block, chunks.size(c) * lanes, own,
                          chunks.stride());
      }
      multiply(chunks.positions, count, vectors, c * chunks.per_chunk, chunks.size(c), c == 0, inputs, stride, weights,
               chunks.stride(), products, product_stride);
    }
    transform_output(job, first, count, block * out_block, products, product_stride);
  };

  // Few channels and many tiles: each thread takes small blocks of tiles through all output channels.
  const int small = (vectors <= 8 ? 3 : 2) * tile_group;
  if (transformed_ && tiles >= 16 * static_cast<std::int64_t>(small)) {
    parallel((tiles + small - 1) / small, [&](std::int64_t begin, std::int64_t end) {
      static thread_local Scratch scratch;
      const std::size_t stride = input_stride(small);
      float* inputs = scratch.floats(stride * static_cast<std::size_t>(chunks.positions));
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first = i * small;
        const int count = static_cast<int>(std::min<std::int64_t>(small, tiles - first));
        transform_input(job, first, count, 0, inputs, stride);
        for (int block = 0; block < blocks; ++block) compute(first, count, block, inputs, stride);
      }
    });
    return;
  }

  // Otherwise all threads share a large block of tiles, so that weights are read as seldom as can be: first they
  // transform its tiles, then each takes some of the output channels.
  constexpr std::int64_t shared_bytes = 20 << 20;
  const std::int64_t group_bytes = std::int64_t{4} * chunks.positions * tile_group * vectors * lanes;
  const std::int64_t groups = (tiles + tile_group - 1) / tile_group;
  const std::int64_t most =
      std::clamp<std::int64_t>(shared_bytes / group_bytes, 1, tile_ == WinogradTile::f4x4 ? 9 : 18);
  const std::int64_t passes = (groups + most - 1) / most;
  const std::int64_t per_pass = (groups + passes - 1) / passes;
  static thread_local Scratch shared;
  const std::size_t stride = input_stride(static_cast<int>(per_pass) * tile_group);
  float* inputs = shared.floats(stride * static_cast<std::size_t>(chunks.positions));
  for (std::int64_t first_group = 0; first_group < groups; first_group += per_pass) {
    const std::int64_t first = first_group * tile_group;
    const int count = static_cast<int>(std::min(per_pass * tile_group, tiles - first));
    parallel((count + tile_group - 1) / tile_group, [&](std::int64_t begin, std::int64_t end) {
      const int from = static_cast<int>(begin) * tile_group;
      const int to = std::min(static_cast<int>(end) * tile_group, count);
      transform_input(job, first + from, to - from, from, inputs, stride);
    });
    parallel(blocks, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t block = begin; block < end; ++block)
        compute(first, count, static_cast<int>(block), inputs, stride);
    });
  }
}

}  // namespace throng
