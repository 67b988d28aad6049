#pragma once

#include <cstdint>
#include <vector>

#include "kernels/aligned_allocator.h"

// The parts of weight_gradient_3x3 that need AVX-512 and its bf16 products. These multiply pairs of neighbouring pixels
// and add both products, so pixels are packed in pairs: a word holds one channel of two pixels.
namespace throng::weight_gradient {

inline constexpr int kChannels = 32;  // that are packed together: a cache line of bfloat16
inline constexpr int kOutBlock = 8;  // output channels whose sums are in registers together, for kChannels of the input
inline constexpr int kTaps = 3;      // along each side of the filter

using Words = std::vector<std::uint32_t, AlignedAllocator<std::uint32_t>>;

/// Rows [first, last) of one image, and where their pairs begin among the packed ones.
struct Segment {
  std::int64_t image = 0;
  int first = 0;
  int last = 0;
  std::int64_t out_pair = 0;  // of the output gradient
  std::int64_t in_pair = 0;   // of the input, whose segment has a row more above and below
};

/// One image after the other: pixels of `channels` channels, of which the kChannels from `data` on are meant.
struct Pixels {
  const std::uint16_t* data = nullptr;
  int channels = 0;
  int height = 0;
  int width = 0;
  const std::uint16_t* row(std::int64_t image, int y) const {
    return data + (image * height + y) * std::int64_t{width} * channels;
  }
};

/// Packs a segment of the output gradient as [kChannels / kOutBlock][pairs][kOutBlock]; `block_stride` words lie
/// between blocks. Adds the channels' sums to bias[kChannels] where it is not null.
void pack_output_gradient(const Pixels& pixels, const Segment& segment, std::uint32_t* packed,
                          std::int64_t block_stride, float* bias);

/// Packs a segment of the input three times, [pairs][kChannels] each: the pairs that meet those of the output gradient
/// under the left, the middle and the right column of the filter. Beyond the image all is zero.
void pack_input(const Pixels& pixels, const Segment& segment, std::uint32_t* left, std::uint32_t* middle,
                std::uint32_t* right);

/// Sums over the pairs of all segments: kOutBlock x kChannels products. `out` is one block of the packed output
/// gradient, `in` a packed input from the filter's row on. gradient[o * stride + i] is set, or added to.
void multiply(const std::vector<Segment>& segments, int pairs_per_row, const std::uint32_t* out,
              const std::uint32_t* in, float* gradient, std::int64_t stride, bool add);

}  // namespace throng::weight_gradient
