#include "kernels/int8_convolution_avx512.h"

#include <immintrin.h>

#include <cstring>

namespace throng::int8 {
namespace {

// Where a block of output channels begins, and how many of its last vector's channels there are.
struct Block {
  int channel = 0;
  __mmask16 last = 0xFFFF;
  const std::int8_t* weights = nullptr;
};

__m512i four_bytes(const std::uint8_t* from) {
  std::int32_t four = 0;
  std::memcpy(&four, from, sizeof four);
  return _mm512_set1_epi32(four);
}

// _mm512_dpbusd_epi32, which GCC 12 surrounds with copies of the sums, and then has too few registers.
[[gnu::always_inline]] inline void add_products(__m512i& sum, __m512i bytes, __m512i weight) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(bytes), "v"(weight));
}

template <int vectors, int pixels>
[[gnu::always_inline]] inline void sum_products(const Job& job, const std::uint8_t* const* rows, int x,
                                                const std::int8_t* weights, __m512i (&sums)[pixels][vectors]) {
#pragma GCC unroll 8
  for (int i = 0; i < pixels; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j) sums[i][j] = _mm512_setzero_si512();
  }
  const int left = x * job.column_stride - job.padding;
  const int right = left + (pixels - 1) * job.column_stride + (job.columns - 1) * job.dilation;
  const bool inside = left >= 0 && right < job.in_width;
  for (int r = 0; r < job.rows; ++r) {
    for (int c = 0; c < job.columns; ++c) {
      const std::uint8_t* from[pixels];
#pragma GCC unroll 8
      for (int i = 0; i < pixels; ++i) {
        const int column = left + i * job.column_stride + c * job.dilation;
        from[i] = inside || (column >= 0 && column < job.in_width) ? rows[r] + column * job.in_stride : job.zeros;
      }
      for (int g = 0; g < job.groups; ++g, weights += vectors * lanes * group) {
        __m512i weight[vectors];
#pragma GCC unroll 4
        for (int j = 0; j < vectors; ++j) weight[j] = _mm512_load_si512(weights + j * lanes * group);
#pragma GCC unroll 8
        for (int i = 0; i < pixels; ++i) {
          const __m512i bytes = four_bytes(from[i] + g * group);
#pragma GCC unroll 4
          for (int j = 0; j < vectors; ++j) add_products(sums[i][j], bytes, weight[j]);
        }
      }
    }
  }
}

__m512 load(const std::uint8_t* from, __mmask16 mask) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, from)));
}

__m512 load(const std::uint16_t* from, __mmask16 mask) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, from)), 16));
}

__m512 load(const float* from, __mmask16 mask) { return _mm512_maskz_loadu_ps(mask, from); }

// To 32 bits, not yet cut off at 0.
__m512i rounded_steps(__m512 values) { return _mm512_cvtps_epi32(_mm512_min_ps(values, _mm512_set1_ps(255.0F))); }

void store(std::uint8_t* to, __m512 values, __mmask16 mask) {
  const __m512i positive = _mm512_max_epi32(rounded_steps(values), _mm512_setzero_si512());
  const __m128i bytes = _mm512_cvtepi32_epi8(positive);
  if (mask == 0xFFFF)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  else
    _mm_mask_storeu_epi8(to, mask, bytes);
}

// Four whole vectors at once: packing cuts off at 0, and leaves groups of 4 channels in the order of its lanes.
void store_64(std::uint8_t* to, const __m512* values) {
  const __m512i first = _mm512_packs_epi32(rounded_steps(values[0]), rounded_steps(values[1]));
  const __m512i second = _mm512_packs_epi32(rounded_steps(values[2]), rounded_steps(values[3]));
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  _mm512_storeu_si512(to, _mm512_permutexvar_epi32(order, _mm512_packus_epi16(first, second)));
}

// To nearest, ties to even.
void store(std::uint16_t* to, __m512 values, __mmask16 mask) {
  const __m512i bits = _mm512_castps_si512(values);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), odd);
  const __m256i words = _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16));
  if (mask == 0xFFFF)
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), words);
  else
    _mm256_mask_storeu_epi16(to, mask, words);
}

void store(float* to, __m512 values, __mmask16 mask) { _mm512_mask_storeu_ps(to, mask, values); }

template <int vectors>
constexpr __mmask16 mask_of(const Block& block, int j) {
  return j + 1 < vectors ? static_cast<__mmask16>(0xFFFF) : block.last;
}

template <class Element, int vectors, int pixels>
[[gnu::always_inline]] inline void add_residual(const Job& job, const Block& block, const Element* from,
                                                __m512 (&values)[pixels][vectors]) {
  const __m512 factor = _mm512_set1_ps(job.residual_factor);
#pragma GCC unroll 8
  for (int i = 0; i < pixels; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j) {
      const Element* const at = from + i * job.residual_stride + j * lanes;
      values[i][j] = _mm512_fmadd_ps(load(at, mask_of<vectors>(block, j)), factor, values[i][j]);
    }
  }
}

template <class Element, int vectors, int pixels>
[[gnu::always_inline]] inline void store_all(const Job& job, const Block& block, Element* to,
                                             const __m512 (&values)[pixels][vectors]) {
  if constexpr (vectors == 4 && sizeof(Element) == 1) {
    if (block.last == 0xFFFF) {
#pragma GCC unroll 8
      for (int i = 0; i < pixels; ++i) store_64(to + i * job.out_stride, values[i]);
      return;
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < pixels; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j)
      store(to + i * job.out_stride + j * lanes, values[i][j], mask_of<vectors>(block, j));
  }
}

template <class Element>
const Element* residual_at(const Job& job, const RowPointers& row, int x, int channel) {
  return static_cast<const Element*>(row.residual) + x * job.residual_stride + channel;
}

template <class Element>
Element* out_at(const Job& job, const RowPointers& row, int x, int channel) {
  return static_cast<Element*>(row.out) + x * job.out_stride + channel;
}

template <int vectors, int pixels>
void compute_tile(const Job& job, const Block& block, const RowPointers& row, int x) {
  __m512i sums[pixels][vectors];
  sum_products(job, row.in, x, block.weights, sums);
  __m512 values[pixels][vectors];
#pragma GCC unroll 4
  for (int j = 0; j < vectors; ++j) {
    const __m512 factor = _mm512_loadu_ps(job.factors + block.channel + j * lanes);
    const __m512 bias = _mm512_loadu_ps(job.bias + block.channel + j * lanes);
#pragma GCC unroll 8
    for (int i = 0; i < pixels; ++i) values[i][j] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[i][j]), factor, bias);
  }
  if (job.has_residual) {
    switch (job.residual_type) {
      case KernelType::u8:
        add_residual(job, block, residual_at<std::uint8_t>(job, row, x, block.channel), values);
        break;
      case KernelType::bf16:
        add_residual(job, block, residual_at<std::uint16_t>(job, row, x, block.channel), values);
        break;
      case KernelType::f32:
        add_residual(job, block, residual_at<float>(job, row, x, block.channel), values);
        break;
    }
  }
  if (job.relu && job.out_type != KernelType::u8) {
#pragma GCC unroll 8
    for (int i = 0; i < pixels; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j) values[i][j] = _mm512_max_ps(values[i][j], _mm512_setzero_ps());
    }
  }
  switch (job.out_type) {
    case KernelType::u8:
      return store_all(job, block, out_at<std::uint8_t>(job, row, x, block.channel), values);
    case KernelType::bf16:
      return store_all(job, block, out_at<std::uint16_t>(job, row, x, block.channel), values);
    case KernelType::f32:
      return store_all(job, block, out_at<float>(job, row, x, block.channel), values);
  }
}

// The last tile takes some pixels of the one before once more.
template <int vectors>
void compute_block(const Job& job, const Block& block, const RowPointers& row, const Pixels& pixels) {
  const int last = pixels.last;
  if (last - pixels.first < tile) {
    for (int x = pixels.first; x < last; ++x) compute_tile<vectors, 1>(job, block, row, x);
    return;
  }
  for (int x = pixels.first; x < last; x += tile)
    compute_tile<vectors, tile>(job, block, row, x + tile > last ? last - tile : x);
}

}  // namespace

void convolve(const Job& job, const RowPointers& row, const Pixels& pixels, const Blocks& blocks) {
  const std::int64_t taps = std::int64_t{job.rows} * job.columns * job.groups;
  for (int i = blocks.first; i < blocks.last; ++i) {
    Block block{.channel = i * job.vectors * lanes};
    const int left = (job.out - block.channel + lanes - 1) / lanes;
    const int vectors = left < job.vectors ? left : job.vectors;
    const int beyond = block.channel + vectors * lanes - job.out;
    block.last = static_cast<__mmask16>(beyond > 0 ? 0xFFFF >> beyond : 0xFFFF);
    block.weights = job.weights + taps * block.channel * group;
    switch (vectors) {
      case 1:
        compute_block<1>(job, block, row, pixels);
        break;
      case 2:
        compute_block<2>(job, block, row, pixels);
        break;
      case 3:
        compute_block<3>(job, block, row, pixels);
        break;
      default:
        compute_block<block_vectors>(job, block, row, pixels);
    }
  }
}

}  // namespace throng::int8
