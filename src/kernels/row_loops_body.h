#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/row_loops.h"

// The loops themselves. Included once by each file that is compiled for an instruction set. Everything is in an unnamed
// namespace and calls nothing of the standard library: a function that the linker could share between those files might
// be taken from one whose instructions the processor lacks.
namespace throng {
namespace {

// A promise that no turn of the next loop reads what another has written.
#ifdef __clang__
#define THRONG_INDEPENDENT_TURNS _Pragma("clang loop vectorize(assume_safety)")
#else
#define THRONG_INDEPENDENT_TURNS _Pragma("GCC ivdep")
#endif

// `Key` sorts elements as integers, which costs half the instructions of comparing numbers: negative ones are turned
// round, and what is not a number, of either sign, is made the largest by taking as much as reaches around the end.
struct Float32 {
  using Element = float;
  using Key = std::int32_t;
  static constexpr bool scaled = false;
  static float load(float element) { return element; }
  static float store(float value) { return value; }
  static Key turn(Key bits) { return bits ^ ((bits >> 31) & 0x7FFFFFFF); }
  static Key key(float element) {
    return static_cast<Key>(static_cast<std::uint32_t>(turn(__builtin_bit_cast(Key, element))) - 0x7FFFFFU);
  }
  static float element(Key key) {
    return __builtin_bit_cast(float, turn(static_cast<Key>(static_cast<std::uint32_t>(key) + 0x7FFFFFU)));
  }
};

struct Bfloat16 {
  using Element = std::uint16_t;
  using Key = std::int16_t;
  static constexpr bool scaled = false;
  static float load(Element element) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(element) << 16); }
  // Rounds to nearest, ties to even; what is not a number stays so.
  static Element store(float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t rounded = bits + 0x7FFFU + ((bits >> 16) & 1U);
    const std::uint32_t kept = value != value ? bits | 0x400000U : rounded;
    return static_cast<Element>(kept >> 16);
  }
  static Key turn(Key bits) { return static_cast<Key>(bits ^ ((bits >> 15) & 0x7FFF)); }
  static Key key(Element element) { return static_cast<Key>(turn(static_cast<Key>(element)) - 0x7F); }
  static Element element(Key key) { return static_cast<Element>(turn(static_cast<Key>(key + 0x7F))); }
};

struct Byte {
  using Element = std::uint8_t;
  using Key = std::uint8_t;
  static constexpr bool scaled = true;
  static float load(Element element) { return static_cast<float>(element); }
  // Clamped as integers, which order numbers above zero, and negative ones below. Added to 2^23, the last bit is a
  // unit.
  static Element store(float value) {
    constexpr std::int32_t bits_of_255 = 0x437F0000;
    const auto bits = __builtin_bit_cast(std::int32_t, value);
    const std::int32_t positive = bits > 0 ? bits : 0;
    const std::int32_t clamped = positive < bits_of_255 ? positive : bits_of_255;
    return static_cast<Element>(__builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, clamped) + 8388608.0F));
  }
  static Key key(Element element) { return element; }
  static Element element(Key key) { return key; }
};

template <class Memory, int cells>
void largest(const typename Memory::Element* const* cell, typename Memory::Element* out, int channels) {
  const typename Memory::Element* from[cells];
  for (int i = 0; i < cells; ++i) from[i] = cell[i];
  THRONG_INDEPENDENT_TURNS
  for (int c = 0; c < channels; ++c) {
    typename Memory::Key most = Memory::key(from[0][c]);
#pragma GCC unroll 9
    for (int i = 1; i < cells; ++i) {
      const typename Memory::Key key = Memory::key(from[i][c]);
      most = key > most ? key : most;
    }
    out[c] = Memory::element(most);
  }
}

template <class Memory, int kernel>
void pool_square(const PoolRow& row) {
  using Element = typename Memory::Element;
  auto* out = static_cast<Element*>(row.out);
  const std::int64_t* columns = row.columns;
  for (int x = 0; x < row.width; ++x, columns += kernel, out += row.out_stride) {
    const Element* cells[kernel * kernel];
    for (int i = 0; i < kernel * kernel; ++i)
      cells[i] = static_cast<const Element*>(row.rows[i / kernel]) + columns[i % kernel];
    largest<Memory, kernel * kernel>(cells, out, row.channels);
  }
}

template <class Memory>
void pool(const PoolRow& row) {
  using Element = typename Memory::Element;
  if (row.kernel == 2) return pool_square<Memory, 2>(row);
  if (row.kernel == 3) return pool_square<Memory, 3>(row);
  auto* out = static_cast<Element*>(row.out);
  const std::int64_t* columns = row.columns;
  for (int x = 0; x < row.width; ++x, columns += row.kernel, out += row.out_stride) {
    for (int i = 0; i < row.kernel * row.kernel; ++i) {
      const Element* cell = static_cast<const Element*>(row.rows[i / row.kernel]) + columns[i % row.kernel];
      const Element* cells[] = {i == 0 ? cell : out, cell};
      largest<Memory, 2>(cells, out, row.channels);
    }
  }
}

// A column between two rows.
template <class Memory>
void blend_column(const BlendRow& row, std::int64_t column, float* to) {
  const auto* top = static_cast<const typename Memory::Element*>(row.top) + column;
  const auto* bottom = static_cast<const typename Memory::Element*>(row.bottom) + column;
  const float top_weight = row.top_weight;
  const float bottom_weight = row.bottom_weight;
  const int channels = row.channels;
  THRONG_INDEPENDENT_TURNS
  for (int c = 0; c < channels; ++c)
    to[c] = Memory::load(top[c]) * top_weight + Memory::load(bottom[c]) * bottom_weight;
}

template <class T>
void exchange(T& a, T& b) {
  const T old = a;
  a = b;
  b = old;
}

// The two columns that a pixel lies between are kept: the next pixel often needs one of them or both.
template <class Memory>
void blend(const BlendRow& row) {
  auto* out = static_cast<typename Memory::Element*>(row.out);
  const int channels = row.channels;
  float* left = row.columns;
  float* right = row.columns + channels;
  std::int64_t left_column = -1;
  std::int64_t right_column = -1;
  for (int x = 0; x < row.width; ++x, out += row.out_stride) {
    if (row.left[x] == right_column) {
      exchange(left, right);
      exchange(left_column, right_column);
    }
    if (row.left[x] != left_column) blend_column<Memory>(row, left_column = row.left[x], left);
    if (row.right[x] != right_column) blend_column<Memory>(row, right_column = row.right[x], right);
    const float right_weight = row.right_weight[x];
    const float left_weight = 1.0F - right_weight;
    THRONG_INDEPENDENT_TURNS
    for (int c = 0; c < channels; ++c) out[c] = Memory::store(left[c] * left_weight + right[c] * right_weight);
  }
}

template <class From, class To>
typename To::Element converted(typename From::Element element, float factor) {
  if constexpr (From::scaled || To::scaled)
    return To::store(From::load(element) * factor);
  else
    return To::store(From::load(element));
}

template <class Memory>
void pick(const PickRow& row) {
  auto* out = static_cast<typename Memory::Element*>(row.out);
  const int channels = row.channels;
  const float factor = row.factor;
  for (int x = 0; x < row.width; ++x, out += row.out_stride) {
    const auto* in = static_cast<const typename Memory::Element*>(row.in) + row.columns[x];
    if (factor == 1.0F) {
      __builtin_memcpy(out, in, static_cast<std::size_t>(channels) * sizeof *in);
      continue;
    }
    THRONG_INDEPENDENT_TURNS
    for (int c = 0; c < channels; ++c) out[c] = converted<Memory, Memory>(in[c], factor);
  }
}

// Calls `work` with the input and the output of each pixel, or once for all pixels that lie next to each other.
template <class From, class To, class Work>
void for_each_pixel(const PixelRow& row, const Work& work) {
  const auto* in = static_cast<const typename From::Element*>(row.in);
  auto* out = static_cast<typename To::Element*>(row.out);
  if (row.in_stride == row.channels && row.out_stride == row.channels) return work(in, out, row.width * row.channels);
  for (std::int64_t x = 0; x < row.width; ++x) work(in + x * row.in_stride, out + x * row.out_stride, row.channels);
}

template <class From, class To>
void convert(const PixelRow& row) {
  const float factor = row.factor;
  for_each_pixel<From, To>(row, [factor](const auto* in, auto* out, std::int64_t count) {
    THRONG_INDEPENDENT_TURNS
    for (std::int64_t i = 0; i < count; ++i) out[i] = converted<From, To>(in[i], factor);
  });
}

template <class Memory>
void multiply_by_weights(const PixelRow& row) {
  const auto* in = static_cast<const typename Memory::Element*>(row.in);
  auto* out = static_cast<typename Memory::Element*>(row.out);
  const std::int64_t channels = row.channels;
  for (std::int64_t x = 0; x < row.width; ++x, in += row.in_stride, out += row.out_stride) {
    const float weight =
        Memory::scaled ? row.weights[x * row.weight_stride] * row.factor : row.weights[x * row.weight_stride];
    THRONG_INDEPENDENT_TURNS
    for (std::int64_t c = 0; c < channels; ++c) out[c] = Memory::store(Memory::load(in[c]) * weight);
  }
}

// exp(x) = 2^n exp(r) with |r| <= ln(2) / 2, where Taylor's sum of degree 7 errs by less than rounding does. The first
// part of ln(2) has so few bits that n times it is exact.
inline float exponential(float x) {
  const float low = x < -88.0F ? -88.0F : x;
  const float bounded = low > 88.0F ? 88.0F : low;
  constexpr float shift = 12582912.0F;  // 1.5 * 2^23: added to it, the last bit is a unit
  const float shifted = bounded * 1.44269504F + shift;
  const float n = shifted - shift;
  const float r = (bounded - n * 0.693359375F) + n * 2.12194440e-4F;
  float sum = 1.0F / 5040.0F;
  sum = sum * r + 1.0F / 720.0F;
  sum = sum * r + 1.0F / 120.0F;
  sum = sum * r + 1.0F / 24.0F;
  sum = sum * r + 1.0F / 6.0F;
  sum = sum * r + 0.5F;
  sum = sum * r + 1.0F;
  sum = sum * r + 1.0F;
  // Two factors, since 2^-127 is no normal number.
  const auto whole = static_cast<std::int32_t>(__builtin_bit_cast(std::uint32_t, shifted) - 0x4B400000U);
  const std::int32_t half = whole >> 1;
  const float first = __builtin_bit_cast(float, static_cast<std::uint32_t>(half + 127) << 23);
  const float second = __builtin_bit_cast(float, static_cast<std::uint32_t>(whole - half + 127) << 23);
  return sum * first * second;
}

inline void sigmoid_of_row(const PixelRow& row) {
  for_each_pixel<Float32, Float32>(row, [](const float* in, float* out, std::int64_t count) {
    THRONG_INDEPENDENT_TURNS
    for (std::int64_t i = 0; i < count; ++i) out[i] = 1.0F / (1.0F + exponential(-in[i]));
  });
}

template <class A, class B, class Sum>
void add_rows(const SumRow& row) {
  const auto* a = static_cast<const typename A::Element*>(row.a);
  const auto* b = static_cast<const typename B::Element*>(row.b);
  auto* out = static_cast<typename Sum::Element*>(row.out);
  const bool dense = row.a_stride == row.channels && row.b_stride == row.channels && row.out_stride == row.channels;
  const std::int64_t pieces = dense ? 1 : row.width, count = dense ? row.width * row.channels : row.channels;
  const float a_factor = row.a_factor, b_factor = row.b_factor;
  const float least = row.relu ? 0.0F : -__builtin_inff();
  for (std::int64_t x = 0; x < pieces; ++x, a += row.a_stride, b += row.b_stride, out += row.out_stride) {
    THRONG_INDEPENDENT_TURNS
    for (std::int64_t i = 0; i < count; ++i) {
      const float sum = A::load(a[i]) * a_factor + B::load(b[i]) * b_factor;
      out[i] = Sum::store(sum < least ? least : sum);
    }
  }
}

#define THRONG_SUMS_OF(A, B) \
  { add_rows<A, B, Float32>, add_rows<A, B, Bfloat16>, add_rows<A, B, Byte> }

inline constexpr RowLoops loops = {
    {pool<Float32>, pool<Bfloat16>, pool<Byte>},
    {blend<Float32>, blend<Bfloat16>, blend<Byte>},
    {pick<Float32>, pick<Bfloat16>, pick<Byte>},
    {{nullptr, convert<Float32, Bfloat16>, convert<Float32, Byte>},
     {convert<Bfloat16, Float32>, nullptr, convert<Bfloat16, Byte>},
     {convert<Byte, Float32>, convert<Byte, Bfloat16>, convert<Byte, Byte>}},
    {multiply_by_weights<Float32>, multiply_by_weights<Bfloat16>, multiply_by_weights<Byte>},
    sigmoid_of_row,
    {{THRONG_SUMS_OF(Float32, Float32), THRONG_SUMS_OF(Float32, Bfloat16), THRONG_SUMS_OF(Float32, Byte)},
     {THRONG_SUMS_OF(Bfloat16, Float32), THRONG_SUMS_OF(Bfloat16, Bfloat16), THRONG_SUMS_OF(Bfloat16, Byte)},
     {THRONG_SUMS_OF(Byte, Float32), THRONG_SUMS_OF(Byte, Bfloat16), THRONG_SUMS_OF(Byte, Byte)}}};

#undef THRONG_SUMS_OF

}  // namespace
}  // namespace throng
