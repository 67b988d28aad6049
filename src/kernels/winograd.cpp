#include "kernels/winograd.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "core/text.h"
#include "kernels/instruction_set.h"
#include "kernels/winograd_avx512.h"
#include "kernels/winograd_scratch.h"

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

// The weights as kept: transformed, chunk by chunk, or [channel][9][out_block] for each block of output channels.
struct KeptWeights {
  const float* data = nullptr;
  bool transformed = false;
  Chunks chunks;
  int blocks = 0;  // of output channels
};

// One run over a strip: blocks of tiles are transformed, multiplied with the weights and transformed back.
class StripConvolution {
 public:
  StripConvolution(const Job& job, const KeptWeights& weights)
      : job_(job),
        weights_(weights),
        chunks_(weights.chunks),
        tiles_(job.strip.batch * job.tile_rows * job.tile_columns) {}

  void run(const ParallelFor& parallel) const {
    const int small = (chunks_.vectors <= 8 ? 3 : 2) * tile_group;
    if (weights_.transformed && tiles_ >= 16 * static_cast<std::int64_t>(small))
      run_block_by_block(small, parallel);
    else
      run_shared_blocks(parallel);
  }

 private:
  // Few channels and many tiles: each thread takes small blocks of tiles through all output channels.
  void run_block_by_block(int small, const ParallelFor& parallel) const {
    parallel((tiles_ + small - 1) / small, [&](std::int64_t begin, std::int64_t end) {
      static thread_local Scratch scratch;
      const std::size_t stride = input_stride(small);
      float* inputs = scratch.floats(stride * static_cast<std::size_t>(chunks_.positions));
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first = i * small;
        const int count = static_cast<int>(std::min<std::int64_t>(small, tiles_ - first));
        transform_input(job_, first, count, 0, inputs, stride);
        for (int block = 0; block < weights_.blocks; ++block) compute(first, count, block, inputs, stride);
      }
    });
  }

  // Otherwise all threads share a large block of tiles, so that weights are read as seldom as can be: first they
  // transform its tiles, then each takes some of the output channels.
  void run_shared_blocks(const ParallelFor& parallel) const {
    static thread_local Scratch shared;
    const std::int64_t size = shared_groups() * tile_group;
    const std::size_t stride = input_stride(static_cast<int>(size));
    float* inputs = shared.floats(stride * static_cast<std::size_t>(chunks_.positions));
    for (std::int64_t first = 0; first < tiles_; first += size) {
      const int count = static_cast<int>(std::min(size, tiles_ - first));
      transform_shared(first, count, inputs, stride, parallel);
      parallel(weights_.blocks, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t block = begin; block < end; ++block)
          compute(first, count, static_cast<int>(block), inputs, stride);
      });
    }
  }

  void transform_shared(std::int64_t first, int count, float* inputs, std::size_t stride,
                        const ParallelFor& parallel) const {
    parallel((count + tile_group - 1) / tile_group, [&](std::int64_t begin, std::int64_t end) {
      const int from = static_cast<int>(begin) * tile_group;
      const int to = std::min(static_cast<int>(end) * tile_group, count);
      transform_input(job_, first + from, to - from, from, inputs, stride);
    });
  }

  // Groups of tiles in a block that all threads share: as few blocks as fit the memory, all of about one size.
  std::int64_t shared_groups() const {
    constexpr std::int64_t shared_bytes = 20 << 20;
    const std::int64_t group_bytes = std::int64_t{4} * chunks_.positions * tile_group * chunks_.vectors * lanes;
    const std::int64_t groups = (tiles_ + tile_group - 1) / tile_group;
    const std::int64_t most =
        std::clamp<std::int64_t>(shared_bytes / group_bytes, 1, job_.tile == WinogradTile::f4x4 ? 9 : 18);
    const std::int64_t passes = (groups + most - 1) / most;
    return (groups + passes - 1) / passes;
  }

  // From one position of the transformed inputs of `count` tiles to the next.
  std::size_t input_stride(int count) const {
    return odd_lines(static_cast<std::size_t>(round_up(count, tile_group)) * static_cast<std::size_t>(chunks_.vectors) *
                     lanes);
  }

  // One block of output channels of `count` tiles from `first` on, whose inputs are transformed.
  void compute(std::int64_t first, int count, int block, const float* inputs, std::size_t stride) const {
    static thread_local Scratch products_scratch;
    static thread_local Scratch weights_scratch;
    const std::size_t product_stride = odd_lines(static_cast<std::size_t>(count) * out_block);
    float* products = products_scratch.floats(product_stride * static_cast<std::size_t>(chunks_.positions));
    float* own = weights_.transformed ? nullptr : weights_scratch.floats(chunks_.floats());
    for (int chunk = 0; chunk < chunks_.count(); ++chunk) {
      const float* weights = transformed_weights(block, chunk, own);
      multiply(chunks_.positions, count, chunks_.vectors, chunk * chunks_.per_chunk, chunks_.size(chunk), chunk == 0,
               inputs, stride, weights, chunks_.stride(), products, product_stride);
    }
    transform_output(job_, first, count, block * out_block, products, product_stride);
  }

  // The transformed weights of a chunk: those kept, or else transformed into `own`.
  const float* transformed_weights(int block, int chunk, float* own) const {
    const auto b = static_cast<std::size_t>(block);
    const auto c = static_cast<std::size_t>(chunk);
    if (weights_.transformed)
      return weights_.data + (b * static_cast<std::size_t>(chunks_.count()) + c) * chunks_.floats();
    const std::size_t vector =
        b * static_cast<std::size_t>(chunks_.vectors) + c * static_cast<std::size_t>(chunks_.per_chunk);
    transform_weights(job_.tile, weights_.data + vector * lanes * 9 * out_block, chunks_.size(chunk) * lanes, own,
                      chunks_.stride());
    return own;
  }

  const Job& job_;
  const KeptWeights weights_;
  const Chunks chunks_;
  const std::int64_t tiles_;
};

// Packs the weights of some output channels, at most out_block, as [channel][9][out_block].
void pack(const float* weight, int in, int outputs, float* packed) {
  const std::size_t factors = static_cast<std::size_t>(in) * 9;
  for (std::size_t o = 0; o < static_cast<std::size_t>(outputs); ++o) {
    for (std::size_t i = 0; i < factors; ++i) packed[i * out_block + o] = weight[o * factors + i];
  }
}

// Transforms the packed weights of one block of output channels, chunk by chunk.
void transform_chunks(WinogradTile tile, const float* packed, const Chunks& chunks, float* transformed) {
  for (int c = 0; c < chunks.count(); ++c) {
    const std::size_t channel = static_cast<std::size_t>(c) * static_cast<std::size_t>(chunks.per_chunk) * lanes;
    transform_weights(tile, packed + channel * 9 * out_block, chunks.size(c) * lanes,
                      transformed + static_cast<std::size_t>(c) * chunks.floats(), chunks.stride());
  }
}

}  // namespace

bool WinogradConvolution::supported() { return avx512_allowed(); }

WinogradConvolution::WinogradConvolution(const float* weight, const float* bias, int in, int out, bool relu,
                                         WinogradTile tile, KernelType type)
    : in_(in),
      out_(out),
      relu_(relu),
      tile_(tile),
      type_(type),
      transformed_(static_cast<std::int64_t>(in) * out <= transformed_pairs) {
  if (!supported()) {
    throw std::logic_error("Winograd's convolutions need a processor with AVX-512: use the others on this one");
  }
  if (type == KernelType::u8) {
    throw std::logic_error("Winograd's convolutions compute in f32 and bf16, not in u8: use one made for bytes");
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
    const std::int64_t first = std::int64_t{b} * out_block;
    pack(weight + first * in * 9, in, static_cast<int>(std::min<std::int64_t>(out_block, out - first)), packed);
    if (transformed_) transform_chunks(tile, packed, chunks, kept);
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
    throw std::logic_error(text("the sources of a convolution have ", channels, " channels together, its weights ", in_,
                                ": pass sources that fit"));
  }
  if (strip.batch <= 0 || strip.height <= 0 || strip.width <= 0) return;

  const int vectors = round_up(in_, lanes) / lanes;
  const int size = side(tile_);
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
  const Chunks chunks{vectors, chunk_vectors(transformed_), positions(tile_)};
  const int blocks = round_up(out_, out_block) / out_block;
  StripConvolution(job, {weights_.data(), transformed_, chunks, blocks}).run(parallel);
}

}  // namespace throng
