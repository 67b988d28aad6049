#include "kernels/winograd_avx512.h"

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <utility>

// Winograd's filtering of 1-D signals with interpolation points 0, +-a, +-b and infinity where a = sqrt(1/2) and
// b = sqrt(2): they halve the rounding error of the customary 0, +-1, +-2. 2x2 tiles use 0, +-1 and infinity.
namespace throng::winograd {
namespace {

using Vector = __m512;
constexpr float root_half = 0.70710678118654752F;
constexpr float root_two = 1.41421356237309505F;

Vector all(float value) { return _mm512_set1_ps(value); }

template <WinogradTile>
struct Filter;

template <>
struct Filter<WinogradTile::f4x4> {
  static constexpr int in = 6;
  static constexpr int out = 4;

  static void input(const Vector* d, Vector* t) {
    const Vector even_a = _mm512_fnmadd_ps(all(2.0F), d[2], d[4]);
    const Vector odd_a = _mm512_fnmadd_ps(all(2.0F), d[1], d[3]);
    const Vector even_b = _mm512_fnmadd_ps(all(0.5F), d[2], d[4]);
    const Vector odd_b = _mm512_fnmadd_ps(all(0.5F), d[1], d[3]);
    t[0] = _mm512_fnmadd_ps(all(2.5F), d[2], _mm512_add_ps(d[0], d[4]));
    t[1] = _mm512_fmadd_ps(all(root_half), odd_a, even_a);
    t[2] = _mm512_fnmadd_ps(all(root_half), odd_a, even_a);
    t[3] = _mm512_fmadd_ps(all(root_two), odd_b, even_b);
    t[4] = _mm512_fnmadd_ps(all(root_two), odd_b, even_b);
    t[5] = _mm512_fnmadd_ps(all(2.5F), d[3], _mm512_add_ps(d[1], d[5]));
  }

  static void weight(const Vector* g, Vector* t) {
    const Vector even_a = _mm512_mul_ps(all(-2.0F / 3.0F), _mm512_fmadd_ps(all(0.5F), g[2], g[0]));
    const Vector odd_a = _mm512_mul_ps(all(-2.0F / 3.0F * root_half), g[1]);
    const Vector even_b = _mm512_mul_ps(all(1.0F / 6.0F), _mm512_fmadd_ps(all(2.0F), g[2], g[0]));
    const Vector odd_b = _mm512_mul_ps(all(1.0F / 6.0F * root_two), g[1]);
    t[0] = g[0];
    t[1] = _mm512_add_ps(even_a, odd_a);
    t[2] = _mm512_sub_ps(even_a, odd_a);
    t[3] = _mm512_add_ps(even_b, odd_b);
    t[4] = _mm512_sub_ps(even_b, odd_b);
    t[5] = g[2];
  }

  static void output(const Vector* m, Vector* y) {
    const Vector sum_a = _mm512_add_ps(m[1], m[2]);
    const Vector sum_b = _mm512_add_ps(m[3], m[4]);
    const Vector difference_a = _mm512_sub_ps(m[1], m[2]);
    const Vector difference_b = _mm512_sub_ps(m[3], m[4]);
    y[0] = _mm512_add_ps(_mm512_add_ps(m[0], sum_a), sum_b);
    y[1] = _mm512_fmadd_ps(all(root_two), difference_b, _mm512_mul_ps(all(root_half), difference_a));
    y[2] = _mm512_fmadd_ps(all(2.0F), sum_b, _mm512_mul_ps(all(0.5F), sum_a));
    y[3] =
        _mm512_fmadd_ps(all(2.0F * root_two), difference_b, _mm512_fmadd_ps(all(0.5F * root_half), difference_a, m[5]));
  }
};

template <>
struct Filter<WinogradTile::f2x2> {
  static constexpr int in = 4;
  static constexpr int out = 2;

  static void input(const Vector* d, Vector* t) {
    t[0] = _mm512_sub_ps(d[2], d[0]);
    t[1] = _mm512_add_ps(d[2], d[1]);
    t[2] = _mm512_sub_ps(d[2], d[1]);
    t[3] = _mm512_sub_ps(d[3], d[1]);
  }

  static void weight(const Vector* g, Vector* t) {
    const Vector even = _mm512_mul_ps(all(0.5F), _mm512_add_ps(g[0], g[2]));
    const Vector odd = _mm512_mul_ps(all(0.5F), g[1]);
    t[0] = _mm512_sub_ps(_mm512_setzero_ps(), g[0]);
    t[1] = _mm512_add_ps(even, odd);
    t[2] = _mm512_sub_ps(even, odd);
    t[3] = g[2];
  }

  static void output(const Vector* m, Vector* y) {
    y[0] = _mm512_add_ps(m[0], _mm512_add_ps(m[1], m[2]));
    y[1] = _mm512_add_ps(m[3], _mm512_sub_ps(m[1], m[2]));
  }
};

// Sixteen elements in memory.
struct Float32 {
  using Element = float;
  static Vector load(const float* from) { return _mm512_loadu_ps(from); }
  static Vector load(const float* from, __mmask16 mask) { return _mm512_maskz_loadu_ps(mask, from); }
  static void store(float* to, __mmask16 mask, Vector value) { _mm512_mask_storeu_ps(to, mask, value); }
};

struct Bfloat16 {
  using Element = std::uint16_t;
  static Vector widen(__m256i values) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(values), 16));
  }
  static Vector load(const Element* from) { return widen(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))); }
  static Vector load(const Element* from, __mmask16 mask) { return widen(_mm256_maskz_loadu_epi16(mask, from)); }
  // Rounds to nearest, ties to even; what is not a number stays so.
  static void store(Element* to, __mmask16 mask, Vector value) {
    const __m512i bits = _mm512_castps_si512(value);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7FFF)));
    const __mmask16 nan = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
    rounded = _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x400000));
    _mm256_mask_storeu_epi16(to, mask, _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16)));
  }
};

__mmask16 lowest(int count) { return static_cast<__mmask16>(count >= lanes ? 0xFFFF : (1 << count) - 1); }

// Where a tile lies: its picture, and its first output pixel.
struct Place {
  std::int64_t image = 0;
  int row = 0;
  int column = 0;
};

Place place_of(const Job& job, std::int64_t tile) {
  const std::int64_t in_image = tile % (job.tile_rows * job.tile_columns);
  const int size = side(job.tile);
  return {tile / (job.tile_rows * job.tile_columns), static_cast<int>(in_image / job.tile_columns) * size,
          static_cast<int>(in_image % job.tile_columns) * size};
}

// 16 joined channels of one pixel.
template <class Memory>
Vector gather(const Job& job, const std::vector<Piece>& pieces, std::int64_t image, int row, int column) {
  Vector value = _mm512_setzero_ps();
  for (const Piece& piece : pieces) {
    const WinogradSource& source = job.sources[piece.source];
    const auto* from = static_cast<const typename Memory::Element*>(source.data) + image * source.batch_stride +
                       row * source.row_stride + column * source.pixel_stride + piece.channel;
    const Vector part = Memory::load(from, lowest(piece.count));
    const __m512i turn = _mm512_sub_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
                                          _mm512_set1_epi32(piece.lane));
    const auto mask = static_cast<__mmask16>(lowest(piece.count) << piece.lane);
    value = _mm512_mask_permutexvar_ps(value, mask, turn, part);
  }
  return value;
}

template <WinogradTile tile>
void transform_columns_and_store(Vector (&half)[Filter<tile>::in][Filter<tile>::in], float* to, std::size_t stride) {
  constexpr int n = Filter<tile>::in;
#pragma GCC unroll 6
  for (int y = 0; y < n; ++y) {
    Vector t[n];
    Filter<tile>::input(half[y], t);
#pragma GCC unroll 6
    for (int x = 0; x < n; ++x) _mm512_store_ps(to + static_cast<std::size_t>(y * n + x) * stride, t[x]);
  }
}

template <WinogradTile tile, class Memory>
void input_tiles(const Job& job, std::int64_t first, int count, int place, float* inputs, std::size_t stride) {
  constexpr int n = Filter<tile>::in;
  const int vectors = static_cast<int>(job.vectors.size());
  const int first_row = -job.strip.rows_above;
  const int end_row = job.strip.height + job.strip.rows_below;
  for (int i = 0; i < count; ++i) {
    const Place at = place_of(job, first + i);
    const int top = at.row - 1;
    const int left = at.column - 1;
    const bool inside = top >= first_row && top + n <= end_row && left >= 0 && left + n <= job.strip.width;
    const int slot = place + i;
    float* to = inputs + static_cast<std::size_t>(slot / tile_group) * tile_group * lanes * vectors +
                static_cast<std::size_t>(slot % tile_group) * lanes;
    for (int v = 0; v < vectors; ++v, to += tile_group * lanes) {
      const std::vector<Piece>& pieces = job.vectors[v];
      Vector half[n][n];
      if (inside && pieces.size() == 1 && pieces[0].count == lanes) {
        const WinogradSource& source = job.sources[pieces[0].source];
        const auto* from = static_cast<const typename Memory::Element*>(source.data) + at.image * source.batch_stride +
                           top * source.row_stride + left * source.pixel_stride + pieces[0].channel;
#pragma GCC unroll 6
        for (int x = 0; x < n; ++x) {
          Vector d[n];
          Vector t[n];
#pragma GCC unroll 6
          for (int y = 0; y < n; ++y) d[y] = Memory::load(from + y * source.row_stride + x * source.pixel_stride);
          Filter<tile>::input(d, t);
#pragma GCC unroll 6
          for (int y = 0; y < n; ++y) half[y][x] = t[y];
        }
      } else {
        for (int x = 0; x < n; ++x) {
          Vector d[n];
          Vector t[n];
          for (int y = 0; y < n; ++y) {
            const bool data = top + y >= first_row && top + y < end_row && left + x >= 0 && left + x < job.strip.width;
            d[y] = data ? gather<Memory>(job, pieces, at.image, top + y, left + x) : _mm512_setzero_ps();
          }
          Filter<tile>::input(d, t);
          for (int y = 0; y < n; ++y) half[y][x] = t[y];
        }
      }
      transform_columns_and_store<tile>(half, to, stride);
    }
  }
}

template <WinogradTile tile>
void weight_channels(const float* weights, int channels, float* transformed, std::size_t stride) {
  constexpr int n = Filter<tile>::in;
  for (int c = 0; c < channels; ++c) {
    for (int o = 0; o < out_block; o += lanes) {
      const float* from = weights + static_cast<std::size_t>(c) * 9 * out_block + o;
      float* to = transformed + static_cast<std::size_t>(c) * out_block + o;
      Vector half[n][3];
      for (int x = 0; x < 3; ++x) {
        Vector g[3];
        Vector t[n];
        for (int y = 0; y < 3; ++y) g[y] = _mm512_loadu_ps(from + static_cast<std::size_t>(y * 3 + x) * out_block);
        Filter<tile>::weight(g, t);
        for (int y = 0; y < n; ++y) half[y][x] = t[y];
      }
      for (int y = 0; y < n; ++y) {
        Vector t[n];
        Filter<tile>::weight(half[y], t);
        for (int x = 0; x < n; ++x) _mm512_storeu_ps(to + static_cast<std::size_t>(y * n + x) * stride, t[x]);
      }
    }
  }
}

// `rows` tiles times out_block channels in registers. The order of sums does not depend on `rows`. Pieces of inputs are
// too short for the processor to foresee that it needs those at `next` afterwards.
template <int rows>
void multiply_group(const float* a, const float* next, const float* b, float* c, int vectors, bool begin_sum) {
  constexpr int width = out_block / lanes;
  Vector sum[rows][width];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < width; ++j) {
      sum[i][j] = begin_sum ? _mm512_setzero_ps() : _mm512_load_ps(c + (i * width + j) * lanes);
    }
  }
  for (int v = 0; v < vectors; ++v) {
#pragma GCC unroll 16
    for (int i = 0; i < tile_group; ++i) _mm_prefetch(next + i * lanes, _MM_HINT_T0);
    next += tile_group * lanes;
#pragma GCC unroll 4
    for (int k = 0; k < lanes; ++k) {
      const Vector b0 = _mm512_loadu_ps(b);
      const Vector b1 = _mm512_loadu_ps(b + lanes);
      b += out_block;
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i) {
        const Vector value = all(a[i * lanes + k]);
        sum[i][0] = _mm512_fmadd_ps(value, b0, sum[i][0]);
        sum[i][1] = _mm512_fmadd_ps(value, b1, sum[i][1]);
      }
    }
    a += tile_group * lanes;
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < width; ++j) _mm512_store_ps(c + (i * width + j) * lanes, sum[i][j]);
  }
}

using MultiplyGroup = void (*)(const float*, const float*, const float*, float*, int, bool);

template <int... rows>
constexpr std::array<MultiplyGroup, sizeof...(rows)> groups_of(std::integer_sequence<int, rows...>) {
  return {multiply_group<rows + 1>...};
}

constexpr auto multiply_groups = groups_of(std::make_integer_sequence<int, tile_group>());

template <WinogradTile tile, class Memory>
void output_tiles(const Job& job, std::int64_t first, int count, int channel, const float* products,
                  std::size_t stride) {
  using Element = typename Memory::Element;
  constexpr int n = Filter<tile>::in;
  constexpr int m = Filter<tile>::out;
  const WinogradTarget& target = job.target;
  for (int i = 0; i < count; ++i) {
    const Place at = place_of(job, first + i);
    const int rows = std::min(m, job.strip.height - at.row);
    const int columns = std::min(m, job.strip.width - at.column);
    for (int o = 0; o < out_block && channel + o < job.out; o += lanes) {
      const float* from = products + static_cast<std::size_t>(i) * out_block + o;
      Vector half[m][n];
#pragma GCC unroll 6
      for (int x = 0; x < n; ++x) {
        Vector d[n];
        Vector y[m];
#pragma GCC unroll 6
        for (int p = 0; p < n; ++p) d[p] = _mm512_load_ps(from + static_cast<std::size_t>(p * n + x) * stride);
        Filter<tile>::output(d, y);
#pragma GCC unroll 4
        for (int r = 0; r < m; ++r) half[r][x] = y[r];
      }
      const __mmask16 mask = lowest(job.out - channel - o);
      const Vector bias = _mm512_loadu_ps(job.bias + channel + o);
      for (int r = 0; r < rows; ++r) {
        Vector y[m];
        Filter<tile>::output(half[r], y);
        const std::int64_t offset = at.image * target.batch_stride + (at.row + r) * target.row_stride +
                                    at.column * target.pixel_stride + channel + o;
        for (int x = 0; x < columns; ++x) {
          const std::int64_t pixel = offset + x * target.pixel_stride;
          Vector value = _mm512_add_ps(y[x], bias);
          if (target.residual != nullptr) {
            value = _mm512_add_ps(value, Memory::load(static_cast<const Element*>(target.residual) + pixel, mask));
          }
          // This order of operands keeps what is not a number.
          if (job.relu) value = _mm512_max_ps(_mm512_setzero_ps(), value);
          Memory::store(static_cast<Element*>(target.data) + pixel, mask, value);
        }
      }
    }
  }
}

// Calls `work` with the tile and the memory of a job as template arguments.
template <class Work>
void with_types_of(const Job& job, const Work& work) {
  const auto with_memory = [&]<WinogradTile tile>() {
    if (job.type == KernelType::f32)
      work.template operator()<tile, Float32>();
    else
      work.template operator()<tile, Bfloat16>();
  };
  if (job.tile == WinogradTile::f4x4)
    with_memory.template operator()<WinogradTile::f4x4>();
  else
    with_memory.template operator()<WinogradTile::f2x2>();
}

}  // namespace

void transform_input(const Job& job, std::int64_t first, int count, int place, float* inputs, std::size_t stride) {
  with_types_of(job, [&]<WinogradTile tile, class Memory>() {
    input_tiles<tile, Memory>(job, first, count, place, inputs, stride);
  });
}

void transform_weights(WinogradTile tile, const float* weights, int channels, float* transformed, std::size_t stride) {
  if (tile == WinogradTile::f4x4)
    weight_channels<WinogradTile::f4x4>(weights, channels, transformed, stride);
  else
    weight_channels<WinogradTile::f2x2>(weights, channels, transformed, stride);
}

void multiply(int positions, int tiles, int vectors, int vector, int chunk_vectors, bool begin_sum, const float* inputs,
              std::size_t input_stride, const float* weights, std::size_t weight_stride, float* products,
              std::size_t product_stride) {
  constexpr int vector_size = tile_group * lanes;
  for (int p = 0; p < positions; ++p) {
    const float* first =
        inputs + static_cast<std::size_t>(p) * input_stride + static_cast<std::size_t>(vector) * vector_size;
    const float* a = first;
    const float* b = weights + static_cast<std::size_t>(p) * weight_stride;
    float* c = products + static_cast<std::size_t>(p) * product_stride;
    for (int t = 0; t < tiles; t += tile_group) {
      const int rows = std::min(tile_group, tiles - t);
      const float* next = first;
      if (t + tile_group < tiles)
        next = a + static_cast<std::size_t>(vectors) * vector_size;
      else if (p + 1 < positions)
        next = first + input_stride;
      multiply_groups[static_cast<std::size_t>(rows) - 1](a, next, b, c, chunk_vectors, begin_sum);
      a = next;
      c += tile_group * out_block;
    }
  }
}

void transform_output(const Job& job, std::int64_t first, int count, int channel, const float* products,
                      std::size_t stride) {
  with_types_of(job, [&]<WinogradTile tile, class Memory>() {
    output_tiles<tile, Memory>(job, first, count, channel, products, stride);
  });
}

}  // namespace throng::winograd
