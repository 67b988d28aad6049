#include "kernels/weight_gradient_avx512.h"

#include <immintrin.h>

#include <cstring>

namespace throng::weight_gradient {
namespace {

constexpr int kVectors = 2;  // of 16 words: kChannels
constexpr int kLanes = 16;

// Channel c of both pixels side by side: words of channels 0 to 15, or 16 to 31.
struct Interleave {
  __m512i low, high;
  Interleave() {
    alignas(64) std::uint16_t low_words[32], high_words[32];
    for (int c = 0; c < kLanes; ++c) {
      low_words[2 * c] = static_cast<std::uint16_t>(c);
      low_words[2 * c + 1] = static_cast<std::uint16_t>(c + 32);
      high_words[2 * c] = static_cast<std::uint16_t>(c + 16);
      high_words[2 * c + 1] = static_cast<std::uint16_t>(c + 48);
    }
    low = _mm512_load_si512(low_words);
    high = _mm512_load_si512(high_words);
  }
};

__m512i pixel(const std::uint16_t* row, int channels, int x) {
  return _mm512_loadu_si512(row + static_cast<std::int64_t>(x) * channels);
}

void store_pair(std::uint32_t* packed, __m512i first, __m512i second, const Interleave& order) {
  _mm512_store_si512(packed, _mm512_permutex2var_epi16(first, order.low, second));
  _mm512_store_si512(packed + kLanes, _mm512_permutex2var_epi16(first, order.high, second));
}

}  // namespace

void pack_output_gradient(const Pixels& pixels, const Segment& segment, std::uint32_t* packed,
                          std::int64_t block_stride, float* bias) {
  const Interleave order;
  const auto ones = (__m512bh)_mm512_set1_epi16(0x3F80);
  __m512 low_sum = _mm512_setzero_ps(), high_sum = _mm512_setzero_ps();
  std::uint32_t* block = packed + segment.out_pair * kOutBlock;
  for (int y = segment.first; y < segment.last; ++y) {
    const std::uint16_t* row = pixels.row(segment.image, y);
    for (int x = 0; x < pixels.width; x += 2, block += kOutBlock) {
      const __m512i first = pixel(row, pixels.channels, x), second = pixel(row, pixels.channels, x + 1);
      const __m512i low = _mm512_permutex2var_epi16(first, order.low, second);
      const __m512i high = _mm512_permutex2var_epi16(first, order.high, second);
      low_sum = _mm512_dpbf16_ps(low_sum, (__m512bh)low, ones);
      high_sum = _mm512_dpbf16_ps(high_sum, (__m512bh)high, ones);
      _mm256_store_si256(reinterpret_cast<__m256i*>(block), _mm512_castsi512_si256(low));
      _mm256_store_si256(reinterpret_cast<__m256i*>(block + block_stride), _mm512_extracti64x4_epi64(low, 1));
      _mm256_store_si256(reinterpret_cast<__m256i*>(block + 2 * block_stride), _mm512_castsi512_si256(high));
      _mm256_store_si256(reinterpret_cast<__m256i*>(block + 3 * block_stride), _mm512_extracti64x4_epi64(high, 1));
    }
  }
  if (bias == nullptr) return;
  _mm512_storeu_ps(bias, _mm512_add_ps(_mm512_loadu_ps(bias), low_sum));
  _mm512_storeu_ps(bias + kLanes, _mm512_add_ps(_mm512_loadu_ps(bias + kLanes), high_sum));
}

void pack_input(const Pixels& pixels, const Segment& segment, std::uint32_t* left, std::uint32_t* middle,
                std::uint32_t* right) {
  const Interleave order;
  const int width = pixels.width;
  std::int64_t at = segment.in_pair * kChannels;
  for (int y = segment.first - 1; y <= segment.last; ++y) {
    if (y < 0 || y >= pixels.height) {
      const std::int64_t words = std::int64_t{width} / 2 * kChannels;
      for (std::uint32_t* copy : {left, middle, right}) std::memset(copy + at, 0, sizeof(std::uint32_t) * words);
      at += words;
      continue;
    }
    const std::uint16_t* row = pixels.row(segment.image, y);
    __m512i before = _mm512_setzero_si512();
    __m512i first = pixel(row, pixels.channels, 0);
    for (int x = 0; x < width; x += 2, at += kChannels) {
      const __m512i second = pixel(row, pixels.channels, x + 1);
      const __m512i after = x + 2 < width ? pixel(row, pixels.channels, x + 2) : _mm512_setzero_si512();
      store_pair(left + at, before, first, order);
      store_pair(middle + at, first, second, order);
      store_pair(right + at, second, after, order);
      before = second;
      first = after;
    }
  }
}

void multiply(const std::vector<Segment>& segments, int pairs_per_row, const std::uint32_t* out,
              const std::uint32_t* in, float* gradient, std::int64_t stride, bool add) {
  __m512 sums[kOutBlock][kVectors];
  for (auto& row : sums) row[0] = row[1] = _mm512_setzero_ps();
  for (const Segment& segment : segments) {
    const std::uint32_t* a = out + segment.out_pair * kOutBlock;
    const std::uint32_t* b = in + segment.in_pair * kChannels;
    const std::int64_t pairs = std::int64_t{segment.last - segment.first} * pairs_per_row;
    for (std::int64_t pair = 0; pair < pairs; ++pair, a += kOutBlock, b += kChannels) {
      const auto low = (__m512bh)_mm512_load_si512(b);
      const auto high = (__m512bh)_mm512_load_si512(b + kLanes);
#pragma GCC unroll 8
      for (int o = 0; o < kOutBlock; ++o) {
        const auto both = (__m512bh)_mm512_set1_epi32(static_cast<int>(a[o]));
        sums[o][0] = _mm512_dpbf16_ps(sums[o][0], low, both);
        sums[o][1] = _mm512_dpbf16_ps(sums[o][1], high, both);
      }
    }
  }
#pragma GCC unroll 8
  for (int o = 0; o < kOutBlock; ++o) {
    float* target = gradient + o * stride;
    for (int v = 0; v < kVectors; ++v) {
      const __m512 before = add ? _mm512_loadu_ps(target + v * kLanes) : _mm512_setzero_ps();
      _mm512_storeu_ps(target + v * kLanes, _mm512_add_ps(before, sums[o][v]));
    }
  }
}

}  // namespace throng::weight_gradient
