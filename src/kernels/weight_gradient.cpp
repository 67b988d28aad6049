#include "kernels/weight_gradient.h"

#include <algorithm>

#include "kernels/instruction_set.h"
#include "kernels/weight_gradient_avx512.h"

namespace throng {
namespace {

using namespace weight_gradient;

// Pixels that are packed before they are multiplied: three copies of kChannels channels of the input fit the
// second-level cache, and a block of the output gradient the first.
constexpr int kPixels = 2048;

// Output channels that are one piece of work; its input is packed for it alone.
int out_channels_of_piece(const ConvolutionShape& shape) {
  return std::int64_t{shape.in} * shape.out <= 128 * 128 ? kChannels : 128;
}

// The segments that begin with row `row` of all images' rows, about kPixels together. Moves `row` behind them.
std::vector<Segment> next_segments(const ConvolutionShape& shape, std::int64_t& row) {
  const int pairs_per_row = shape.width / 2;
  const std::int64_t end = std::min(row + std::max(1, kPixels / shape.width), shape.batch * shape.height);
  std::vector<Segment> segments;
  std::int64_t out_pair = 0, in_pair = 0;
  while (row < end) {
    const std::int64_t image = row / shape.height;
    const auto first = static_cast<int>(row % shape.height);
    const auto last = static_cast<int>(std::min<std::int64_t>(shape.height, first + end - row));
    segments.push_back({image, first, last, out_pair, in_pair});
    out_pair += std::int64_t{last - first} * pairs_per_row;
    in_pair += std::int64_t{last - first + 2} * pairs_per_row;
    row += last - first;
  }
  return segments;
}

std::int64_t pairs_of(const std::vector<Segment>& segments, int pairs_per_row) {
  const Segment& last = segments.back();
  return last.in_pair + std::int64_t{last.last - last.first + 2} * pairs_per_row;
}

// The sums over some segments for one piece of work: kChannels of the input, some of the output.
class Piece {
 public:
  Piece(const ConvolutionShape& shape, const std::vector<Segment>& segments, bool first_segments)
      : shape_(shape), segments_(segments), add_(!first_segments), pairs_per_row_(shape.width / 2) {}

  void run(const Pixels& input, const std::uint32_t* output_gradient, std::int64_t block_stride, int out_channels,
           float* weights) const {
    const std::int64_t words = pairs_of(segments_, pairs_per_row_) * kChannels;
    thread_local Words scratch;
    if (static_cast<std::int64_t>(scratch.size()) < kTaps * words) scratch.resize(kTaps * words);
    std::uint32_t* copies[kTaps] = {scratch.data(), scratch.data() + words, scratch.data() + 2 * words};
    for (const Segment& segment : segments_) pack_input(input, segment, copies[0], copies[1], copies[2]);
    const std::int64_t row_words = std::int64_t{pairs_per_row_} * kChannels;
    const std::int64_t stride = std::int64_t{kTaps} * kTaps * shape_.in;
    for (int o = 0; o < out_channels; o += kOutBlock) {
      const std::uint32_t* block = output_gradient + o / kOutBlock * block_stride;
      for (int tap = 0; tap < kTaps * kTaps; ++tap) {
        multiply(segments_, pairs_per_row_, block, copies[tap % kTaps] + tap / kTaps * row_words,
                 weights + o * stride + std::int64_t{tap} * shape_.in, stride, add_);
      }
    }
  }

 private:
  const ConvolutionShape& shape_;
  const std::vector<Segment>& segments_;
  bool add_;
  int pairs_per_row_;
};

}  // namespace

bool can_take_weight_gradient(const ConvolutionShape& shape) {
  const bool fits = shape.width > 0 && shape.width % 2 == 0 && shape.in > 0 && shape.in % kChannels == 0 &&
                    shape.out > 0 && shape.out % kChannels == 0;
  return fits && avx512_allowed() && __builtin_cpu_supports("avx512bf16");
}

void weight_gradient_3x3(const std::uint16_t* input, const std::uint16_t* output_gradient, float* weights, float* bias,
                         const ConvolutionShape& shape, const ParallelFor& parallel) {
  if (bias != nullptr) std::fill_n(bias, shape.out, 0.0F);
  thread_local Words kept;
  Words& packed = kept;  // of this thread, in all threads below
  bool first_segments = true;
  for (std::int64_t row = 0; row < shape.batch * shape.height; first_segments = false) {
    const std::vector<Segment> segments = next_segments(shape, row);
    const std::int64_t block_stride = pairs_of(segments, shape.width / 2) * kOutBlock;
    packed.resize(std::max<std::size_t>(packed.size(), block_stride * (shape.out / kOutBlock)));
    parallel(shape.out / kChannels, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin * kChannels; o < end * kChannels; o += kChannels) {
        for (const Segment& segment : segments) {
          pack_output_gradient({output_gradient + o, shape.out, shape.height, shape.width}, segment,
                               packed.data() + o / kOutBlock * block_stride, block_stride,
                               bias == nullptr ? nullptr : bias + o);
        }
      }
    });
    const int piece_out = out_channels_of_piece(shape);
    const std::int64_t out_pieces = (shape.out + piece_out - 1) / piece_out;
    const Piece piece(shape, segments, first_segments);
    parallel(shape.in / kChannels * out_pieces, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k) {
        const std::int64_t i = k / out_pieces * kChannels, o = k % out_pieces * piece_out;
        piece.run({input + i, shape.in, shape.height, shape.width}, packed.data() + o / kOutBlock * block_stride,
                  block_stride, static_cast<int>(std::min<std::int64_t>(piece_out, shape.out - o)),
                  weights + o * kTaps * kTaps * shape.in + i);
      }
    });
  }
}

}  // namespace throng
