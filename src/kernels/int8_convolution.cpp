#include "kernels/int8_convolution.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "core/text.h"
#include "kernels/instruction_set.h"
#include "kernels/int8_convolution_avx512.h"
#include "kernels/row_access.h"

namespace throng {
namespace {

// Pixels that a thread takes at once: their bytes stay in the first-level cache for all output channels.
constexpr int kPixels = 16 * int8::tile;

// Weights up to this size stay in the second-level cache beside all else.
constexpr std::size_t kCachedWeights = 384 << 10;

constexpr int divided_up(int value, int step) { return (value + step - 1) / step; }

// Blocks of output channels are as equal as they can be.
int vectors_of_block(int out) {
  const int vectors = divided_up(out, int8::lanes);
  return divided_up(vectors, divided_up(vectors, int8::block_vectors));
}

float stored_step(KernelType type, float scale) { return type == KernelType::u8 ? scale : 1.0F; }

// Whether rows follow each other without a gap, as one long row would.
template <class Map>
bool dense(const Map& map) {
  return map.row_stride == map.pixel_stride * map.width;
}

}  // namespace

bool Int8Convolution::supported() { return avx512_vnni_allowed(); }

Int8Convolution::Int8Convolution(const Int8Window& window, const std::int8_t* weights, const float* scales,
                                 const float* bias, bool relu)
    : window_(window), relu_(relu), vectors_(vectors_of_block(window.out)) {
  if (!supported()) throw std::logic_error("this processor lacks AVX-512 VNNI: compute with oneDNN");
  if (window.in < 1 || window.in % int8::group != 0 || window.out < 1) {
    throw std::logic_error(text("a convolution of bytes was asked to make ", window.out, " channels of ", window.in,
                                ": give it a multiple of 4"));
  }
  const auto out = static_cast<std::size_t>(window.out), in = static_cast<std::size_t>(window.in);
  const auto taps = static_cast<std::size_t>(window.rows) * static_cast<std::size_t>(window.columns);
  const auto padded =
      static_cast<std::size_t>(divided_up(window.out, int8::lanes)) * static_cast<std::size_t>(int8::lanes);
  zeros_.assign(in, 0);
  scales_.assign(padded, 0);
  bias_.assign(padded, 0);
  std::copy_n(scales, out, scales_.begin());
  if (bias != nullptr) std::copy_n(bias, out, bias_.begin());

  weights_.assign(padded * taps * in, 0);
  const auto block_channels = static_cast<std::size_t>(vectors_) * static_cast<std::size_t>(int8::lanes);
  for (std::size_t o = 0; o < out; ++o) {
    const std::size_t first = o / block_channels * block_channels;
    const std::size_t width = std::min(block_channels, padded - first);
    for (std::size_t k = 0; k < taps * in; ++k) {
      const std::size_t group = k / int8::group, lane = o - first;
      weights_[first * taps * in + (group * width + lane) * int8::group + k % int8::group] = weights[o * taps * in + k];
    }
  }
}

void Int8Convolution::run(const Rows& in, const Rows* residual, const RowsOut& out, int count,
                          const ParallelFor& parallel) const {
  if (count <= 0) return;
  constexpr const char* kName = "int8 convolution";
  require_type(kName, in.type, KernelType::u8);
  require_channels(kName, in.channels, window_.in);
  require_channels(kName, out.channels, window_.out);
  if (residual != nullptr) {
    require_channels(kName, residual->channels, window_.out);
    require_size(kName, *residual, out);
    require_rows(kName, *residual, out.first, out, count);
  }

  const float step = stored_step(out.type, out.scale);
  std::vector<float> factors(scales_), bias(bias_);
  for (float& factor : factors) factor *= in.scale / step;
  for (float& value : bias) value /= step;
  int8::Job job{.rows = window_.rows,
                .columns = window_.columns,
                .column_stride = window_.column_stride,
                .dilation = window_.dilation,
                .padding = window_.padding,
                .groups = window_.in / int8::group,
                .out = window_.out,
                .vectors = vectors_,
                .relu = relu_,
                .weights = weights_.data(),
                .factors = factors.data(),
                .bias = bias.data(),
                .zeros = zeros_.data(),
                .in_width = in.width,
                .in_stride = in.pixel_stride,
                .out_type = out.type,
                .out_stride = out.pixel_stride};
  if (residual != nullptr) {
    job.has_residual = true;
    job.residual_type = residual->type;
    job.residual_factor = stored_factor(*residual, out);
    job.residual_stride = residual->pixel_stride;
  }

  // Without neighbours all pixels lie in one long row.
  const bool alone = window_.rows * window_.columns * window_.row_stride * window_.column_stride == 1 &&
                     window_.padding == 0 && dense(in) && dense(out) && (residual == nullptr || dense(*residual));
  const int rows = alone ? 1 : count;
  const int width = alone ? count * out.width : out.width;
  if (alone) job.in_width = width;
  const int pieces = std::max(width / kPixels, 1);
  const auto compute = [&](std::int64_t piece_of_all, const int8::Blocks& blocks) {
    const auto row = static_cast<int>(piece_of_all / pieces), piece = static_cast<int>(piece_of_all % pieces);
    std::vector<const std::uint8_t*> from;
    for (int r = 0; r < window_.rows; ++r) {
      const std::int64_t offset = (std::int64_t{row} * window_.row_stride + r * window_.dilation) * in.row_stride;
      from.push_back(static_cast<const std::uint8_t*>(in.data) + offset);
    }
    const int8::RowPointers pointers{.in = from.data(),
                                     .residual = residual != nullptr ? row_of(*residual, out.first + row) : nullptr,
                                     .out = row_of(out, out.first + row)};
    int8::convolve(job, pointers, {piece * kPixels, piece + 1 == pieces ? width : (piece + 1) * kPixels}, blocks);
  };
  const int blocks = divided_up(window_.out, vectors_ * int8::lanes);
  // Either all weights are at hand for each piece, or one block of them for all pieces of a thread.
  const int together = weights_.size() <= kCachedWeights ? blocks : 1;
  parallel(std::int64_t{rows} * pieces, [&](std::int64_t begin, std::int64_t end) {
    for (int block = 0; block < blocks; block += together) {
      for (std::int64_t i = begin; i < end; ++i) compute(i, {block, block + together});
    }
  });
}

}  // namespace throng
