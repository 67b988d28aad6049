#include "kernels/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "kernels/expect_misuse.h"
#include "kernels/feature_map.h"

namespace throng {
namespace {

std::vector<float> normal_numbers(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(count);
  for (float& number : numbers) number = normal(generator);
  return numbers;
}

float bf16_as_float(std::uint16_t value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16); }

std::uint16_t as_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

// What an output is, and the sum of the sizes of the terms that it is the sum of.
struct Sum {
  double value = 0;
  double terms = 0;

  void add(double term) {
    value += term;
    terms += std::abs(term);
  }
};

// A convolution with random numbers, computed directly in double.
struct Example {
  int batch = 1;
  int height = 1;
  int width = 1;
  std::vector<int> channels;  // of the sources
  int out = 1;
  bool relu = false;
  bool residual = false;
  std::vector<std::vector<float>> sources = {};
  std::vector<float> weight = {};
  std::vector<float> bias = {};
  std::vector<float> added = {};

  int in() const {
    int sum = 0;
    for (const int count : channels) sum += count;
    return sum;
  }
  std::size_t pixels() const {
    return static_cast<std::size_t>(batch) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  }

  void fill() {
    unsigned seed = 1;
    for (const int count : channels)
      sources.push_back(normal_numbers(pixels() * static_cast<std::size_t>(count), seed++));
    weight = normal_numbers(static_cast<std::size_t>(out) * static_cast<std::size_t>(in()) * 9, seed++);
    for (float& value : weight) value /= std::sqrt(9.0F * static_cast<float>(in()));
    bias = normal_numbers(static_cast<std::size_t>(out), seed++);
    added = normal_numbers(pixels() * static_cast<std::size_t>(out), seed++);
  }

  // All numbers as they are after a visit in bf16.
  void round_to_bf16() {
    for (auto& source : sources) {
      for (float& value : source) value = bf16_as_float(as_bf16(value));
    }
    for (float& value : added) value = bf16_as_float(as_bf16(value));
  }

  std::vector<Sum> expected() const {
    std::vector<Sum> result(pixels() * static_cast<std::size_t>(out));
    std::size_t index = 0;
    for (int n = 0; n < batch; ++n) {
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          for (int o = 0; o < out; ++o, ++index) result[index] = sum_at(n, y, x, o, index);
        }
      }
    }
    return result;
  }

  std::vector<WinogradSource> inputs() const {
    std::vector<WinogradSource> result;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      const std::int64_t row = std::int64_t{width} * channels[s];
      result.push_back({sources[s].data(), channels[s], channels[s], row, row * height});
    }
    return result;
  }

  std::vector<float> run(WinogradTile tile, const ParallelFor& parallel = one_thread) const {
    const WinogradConvolution convolution(weight.data(), bias.data(), in(), out, relu, tile, KernelType::f32);
    std::vector<float> result(pixels() * static_cast<std::size_t>(out), std::nanf(""));
    const std::int64_t row = std::int64_t{width} * out;
    convolution.run(inputs(), {result.data(), residual ? added.data() : nullptr, out, row, row * height},
                    {batch, height, width, 0, 0}, parallel);
    return result;
  }

  // The same strip after strip. The last rows that a strip may read are those of the picture.
  std::vector<float> run_in_strips(WinogradTile tile, int rows) const {
    const WinogradConvolution convolution(weight.data(), bias.data(), in(), out, relu, tile, KernelType::f32);
    std::vector<float> result(pixels() * static_cast<std::size_t>(out), std::nanf(""));
    const std::int64_t row = std::int64_t{width} * out;
    for (int top = 0; top < height; top += rows) {
      std::vector<WinogradSource> strip = inputs();
      for (WinogradSource& source : strip)
        source.data = static_cast<const float*>(source.data) + top * source.row_stride;
      const int strip_rows = std::min(rows, height - top);
      convolution.run(
          strip, {result.data() + top * row, residual ? added.data() + top * row : nullptr, out, row, row * height},
          {batch, strip_rows, width, std::min(top, 1), std::min(height - top - strip_rows, 1)}, one_thread);
    }
    return result;
  }

  // Rows [top, top + rows) of a convolution of `input` alone, of which `below` more rows may be read.
  void run_rows(WinogradTile tile, const std::vector<float>& input, std::vector<float>& result, int top, int rows,
                int below) const {
    const WinogradConvolution convolution(weight.data(), bias.data(), in(), out, relu, tile, KernelType::f32);
    const std::int64_t row_in = std::int64_t{width} * in();
    const std::int64_t row = std::int64_t{width} * out;
    const WinogradSource source{input.data() + top * row_in, in(), in(), row_in, row_in * height};
    convolution.run({&source, 1},
                    {result.data() + top * row, residual ? added.data() + top * row : nullptr, out, row, row * height},
                    {1, rows, width, std::min(top, 1), below}, one_thread);
  }

 private:
  Sum sum_at(int n, int y, int x, int o, std::size_t index) const {
    Sum sum;
    sum.add(bias[static_cast<std::size_t>(o)]);
    int first = 0;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      for (int ky = 0; ky < 3; ++ky) {
        for (int kx = 0; kx < 3; ++kx) {
          const int row = y + ky - 1;
          const int column = x + kx - 1;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const float* pixel = sources[s].data() + ((std::ptrdiff_t{n} * height + row) * width + column) * channels[s];
          const float* factors = weight.data() + (std::ptrdiff_t{o} * in() + first) * 9 + ky * 3 + kx;
          for (std::ptrdiff_t c = 0; c < channels[s]; ++c) sum.add(double{pixel[c]} * factors[c * 9]);
        }
      }
      first += channels[s];
    }
    if (residual) sum.add(added[index]);
    if (relu) sum.value = std::max(sum.value, 0.0);
    return sum;
  }
};

// The largest error of any output, in units of 2^-24 * the sum of its terms' sizes.
double largest_error(const std::vector<float>& values, const std::vector<Sum>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double error = std::abs(values[i] - expected[i].value) / (0x1p-24 * expected[i].terms);
    if (!(error <= largest)) largest = error;  // keeps what is not a number
  }
  return largest;
}

class Winograd : public testing::TestWithParam<WinogradTile> {
 protected:
  void SetUp() override {
    if (!WinogradConvolution::supported()) GTEST_SKIP() << "needs AVX-512";
  }

  // Half as much again as the worst that was measured, 16.2 and 4.2. In the worst case that can be, where all signs
  // work together, the transforms enlarge a sum's terms 69 and 7.1 times.
  static double most_error() { return GetParam() == WinogradTile::f4x4 ? 24 : 6; }
};

INSTANTIATE_TEST_SUITE_P(Tiles, Winograd, testing::Values(WinogradTile::f2x2, WinogradTile::f4x4),
                         [](const auto& info) { return info.param == WinogradTile::f4x4 ? "f4x4" : "f2x2"; });

TEST_P(Winograd, EqualsTheDirectSumForAnySize) {
  for (Example example : {Example{1, 1, 1, {3}, 1}, Example{2, 1, 7, {16}, 16}, Example{1, 5, 3, {5}, 33},
                          Example{3, 4, 4, {64}, 32}, Example{1, 37, 41, {64}, 70}, Example{1, 8, 9, {300}, 300}}) {
    example.fill();
    EXPECT_LT(largest_error(example.run(GetParam()), example.expected()), most_error())
        << example.height << "x" << example.width << " " << example.in() << "->" << example.out;
  }
}

TEST_P(Winograd, JoinsSourcesOfAnyNumberOfChannels) {
  for (const std::vector<int>& channels :
       {std::vector{3, 5}, {64, 32}, {5, 64, 100}, {3, 5, 64, 100}, {1, 1, 1, 1}, {100, 5, 3, 16}}) {
    Example example{1, 9, 14, channels, 40};
    example.fill();
    EXPECT_LT(largest_error(example.run(GetParam()), example.expected()), most_error()) << example.in();
  }
}

TEST_P(Winograd, AddsTheResidualBeforeTheRelu) {
  for (const bool relu : {false, true}) {
    Example example{2, 7, 10, {20}, 24, relu, true};
    example.fill();
    EXPECT_LT(largest_error(example.run(GetParam()), example.expected()), most_error());
  }
}

// Large pictures with few channels are blocked otherwise than small ones, and pairs of many channels keep their
// weights otherwise: each way must keep its bits.
TEST_P(Winograd, StripsAndThreadsDoNotChangeABit) {
  for (Example example : {Example{1, 98, 131, {16, 5}, 35, true, true}, Example{1, 23, 30, {280}, 250, true, true},
                          Example{2, 18, 11, {64}, 64}}) {
    example.fill();
    const std::vector<float> whole = example.run(GetParam());
    EXPECT_EQ(whole, example.run(GetParam(), three_threads));
    for (const int rows : {4, 12, 64}) EXPECT_EQ(whole, example.run_in_strips(GetParam(), rows)) << rows;
    EXPECT_LT(largest_error(whole, example.expected()), most_error());
  }
}

TEST_P(Winograd, StripsOfAnyHeightAgreeToRounding) {
  Example example{1, 19, 13, {16}, 16};
  example.fill();
  for (const int rows : {1, 3, 5}) {
    EXPECT_LT(largest_error(example.run_in_strips(GetParam(), rows), example.expected()), most_error());
  }
}

// Rows that are there below the last tile make it whole: then a strip of any height has the bits of the whole picture.
// What lies further below is not read, and what lies below the strip is not written.
TEST_P(Winograd, RowsBelowTheLastTileKeepTheBits) {
  Example example{1, 29, 13, {20}, 17, true, true};
  example.fill();
  const std::vector<float> whole = example.run(GetParam());
  const std::int64_t row = 13 * 17;
  for (const int top : {0, 8}) {
    for (int rows = 1; rows <= 7; ++rows) {
      // A tile and one row past the strip are enough; all that there is must change nothing.
      for (const int below : {4, 29 - top - rows}) {
        std::vector<float> input(example.sources[0]);
        std::fill(input.begin() + (top + rows + below) * 13 * 20, input.end(), std::nanf(""));
        std::vector<float> result(whole.size(), -7.0F);
        example.run_rows(GetParam(), input, result, top, rows, below);
        const auto begin = result.begin() + top * row;
        const auto end = begin + rows * row;
        EXPECT_TRUE(std::equal(begin, end, whole.begin() + top * row)) << top << " " << rows << " " << below;
        EXPECT_EQ(std::count(result.begin(), result.end(), -7.0F), std::ssize(whole) - rows * row);
      }
    }
  }
}

TEST_P(Winograd, WritesIntoSomeOfATensorsChannels) {
  Example example{1, 6, 7, {8}, 5};
  example.fill();
  const WinogradConvolution convolution(example.weight.data(), example.bias.data(), 8, 5, false, GetParam(),
                                        KernelType::f32);
  std::vector<float> result(42 * 12, -7.0F);
  convolution.run(example.inputs(), {result.data() + 4, nullptr, 12, 12 * 7, 0}, {1, 6, 7, 0, 0}, one_thread);
  std::vector<float> written;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (i % 12 < 4 || i % 12 >= 9)
      EXPECT_EQ(result[i], -7);
    else
      written.push_back(result[i]);
  }
  EXPECT_LT(largest_error(written, example.expected()), most_error());
}

// Sums are fp32, so nothing is lost but in rounding the result to 8 significant bits.
TEST_P(Winograd, Bf16IsTheDirectSumRounded) {
  Example example{2, 13, 18, {64, 5, 100}, 50, true, true};
  example.fill();
  example.round_to_bf16();
  std::vector<std::vector<std::uint16_t>> stored;
  std::vector<WinogradSource> inputs = example.inputs();
  for (std::size_t s = 0; s < inputs.size(); ++s) {
    stored.emplace_back();
    for (const float value : example.sources[s]) stored.back().push_back(as_bf16(value));
    inputs[s].data = stored.back().data();
  }
  std::vector<std::uint16_t> added;
  for (const float value : example.added) added.push_back(as_bf16(value));
  const WinogradConvolution convolution(example.weight.data(), example.bias.data(), example.in(), 50, true, GetParam(),
                                        KernelType::bf16);
  std::vector<std::uint16_t> result(example.added.size());
  convolution.run(inputs, {result.data(), added.data(), 50, 18 * 50, 13 * 18 * 50}, {2, 13, 18, 0, 0}, one_thread);
  const std::vector<Sum> expected = example.expected();
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double in_single = most_error() * 0x1p-24 * expected[i].terms;
    const double stored = (std::abs(expected[i].value) + in_single) / 256;
    EXPECT_NEAR(bf16_as_float(result[i]), expected[i].value, in_single + stored);
  }
}

TEST_P(Winograd, RefusesSourcesThatDoNotFit) {
  Example example{1, 2, 2, {4, 4}, 4};
  example.fill();
  const WinogradConvolution convolution(example.weight.data(), nullptr, 7, 4, false, GetParam(), KernelType::f32);
  std::vector<float> result(16);
  expect_misuse({"8 channels", "7"}, [&] {
    convolution.run(example.inputs(), {result.data(), nullptr, 4, 8, 16}, {1, 2, 2, 0, 0}, one_thread);
  });
}

TEST_P(Winograd, RefusesBytes) {
  const std::vector<float> weight(9);
  expect_misuse({"u8"}, [&] {
    const WinogradConvolution convolution(weight.data(), nullptr, 1, 1, false, GetParam(), KernelType::u8);
  });
}

TEST_P(Winograd, KeepsWeightsOfManyChannelsUntransformed) {
  const std::vector<float> weight(512 * 512 * 9);
  const WinogradConvolution convolution(weight.data(), nullptr, 512, 512, false, GetParam(), KernelType::f32);
  EXPECT_EQ(convolution.packed_bytes(), 512 * 512 * 9 * 4 + 512 * 4);
}

}  // namespace
}  // namespace throng
