#include "kernels/int8_convolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "kernels/bf16.h"
#include "kernels/expect_misuse.h"

namespace throng {
namespace {

// Two threads, or one where there is one piece of work.
void on_two_threads(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& work) {
  std::jthread other([&] { work(0, count / 2); });
  work(count / 2, count);
}

// A convolution with random bytes whose every result is computed once more, one by one, in double precision.
struct Example {
  Int8Window window;
  int rows = 4;
  int width = 9;
  bool relu = true;
  bool residual = false;

  int in_width() const {
    return (width - 1) * window.column_stride + (window.columns - 1) * window.dilation + 1 - 2 * window.padding;
  }
  int in_rows() const { return (rows - 1) * window.row_stride + (window.rows - 1) * window.dilation + 1; }
};

class Int8ConvolutionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!Int8Convolution::supported()) GTEST_SKIP() << "this processor lacks AVX-512 VNNI";
  }

  template <class Value>
  std::vector<Value> random(std::size_t count, int least, int most) {
    std::uniform_int_distribution<int> numbers(least, most);
    std::vector<Value> values(count);
    for (Value& value : values) value = static_cast<Value>(numbers(generator_));
    return values;
  }

  std::vector<float> random_floats(std::size_t count, float least, float most) {
    std::uniform_real_distribution<float> numbers(least, most);
    std::vector<float> values(count);
    for (float& value : values) value = numbers(generator_);
    return values;
  }

  void expect_sums(const Example& example) {
    const Int8Window& window = example.window;
    const auto size = [](int a, int b, int c) {
      return static_cast<std::size_t>(a) * static_cast<std::size_t>(b) * static_cast<std::size_t>(c);
    };
    const auto weights = random<std::int8_t>(size(window.out, window.rows * window.columns, window.in), -127, 127);
    const auto scales = random_floats(static_cast<std::size_t>(window.out), 0.001F, 0.003F);
    const auto bias = random_floats(static_cast<std::size_t>(window.out), -50, 50);
    const auto input = random<std::uint8_t>(size(example.in_rows(), example.in_width(), window.in), 0, 255);
    const auto added = random<std::uint8_t>(size(example.rows, example.width, window.out), 0, 255);
    const Int8Convolution convolution(window, weights.data(), scales.data(), bias.data(), example.relu);
    const Rows in{input.data(), KernelType::u8,
                  window.in,    example.in_width(),
                  window.in,    std::int64_t{window.in} * example.in_width(),
                  -1,           example.in_rows(),
                  0.02F};
    const Rows residual{added.data(),
                        KernelType::u8,
                        window.out,
                        example.width,
                        window.out,
                        std::int64_t{window.out} * example.width,
                        5,
                        99,
                        0.25F};

    const auto expected = [&](int y, int x, int o) {
      std::int64_t sum = 0;
      for (int r = 0; r < window.rows; ++r) {
        for (int c = 0; c < window.columns; ++c) {
          const int column = x * window.column_stride + c * window.dilation - window.padding;
          if (column < 0 || column >= example.in_width()) continue;
          for (int i = 0; i < window.in; ++i) {
            const int row = y * window.row_stride + r * window.dilation;
            const auto from = size(row * example.in_width() + column, window.in, 1) + static_cast<std::size_t>(i);
            const auto weight =
                size((o * window.rows + r) * window.columns + c, window.in, 1) + static_cast<std::size_t>(i);
            sum += std::int64_t{input[from]} * weights[weight];
          }
        }
      }
      double value =
          static_cast<double>(sum) * 0.02F * scales[static_cast<std::size_t>(o)] + bias[static_cast<std::size_t>(o)];
      if (example.residual)
        value += 0.25 * added[size(y * example.width + x, window.out, 1) + static_cast<std::size_t>(o)];
      return example.relu ? std::max(value, 0.0) : value;
    };

    // Each type of output lies in a wider map, whose other channels stay as they are.
    constexpr int kBeside = 3;
    const int stride = window.out + kBeside;
    const auto compare = [&](KernelType type, auto&& value_at, void* data, double step, double rounding) {
      const RowsOut out{data,
                        type,
                        window.out,
                        example.width,
                        stride,
                        std::int64_t{stride} * example.width,
                        5,
                        99,
                        static_cast<float>(step)};
      convolution.run(in, example.residual ? &residual : nullptr, out, example.rows, on_two_threads);
      double worst = 0;
      for (int y = 0; y < example.rows; ++y) {
        for (int x = 0; x < example.width; ++x) {
          for (int o = 0; o < stride; ++o) {
            const double got = value_at(size(y * example.width + x, stride, 1) + static_cast<std::size_t>(o));
            if (o >= window.out) {
              EXPECT_EQ(got, type == KernelType::u8 ? 77 : 0) << "beside the output's channels";
              continue;
            }
            double wanted = expected(y, x, o);
            if (type == KernelType::u8) wanted = std::clamp(wanted / step, 0.0, 255.0);
            worst =
                std::max(worst, std::abs(got - wanted) - rounding * (type == KernelType::u8 ? 1 : std::abs(wanted)));
          }
        }
      }
      EXPECT_LE(worst, type == KernelType::u8 ? 2e-3 : 1e-3) << "type " << static_cast<int>(type);
    };
    const std::size_t values = size(example.rows, example.width, stride);
    std::vector<std::uint8_t> bytes(values, 77);
    compare(
        KernelType::u8, [&](std::size_t i) { return static_cast<double>(bytes[i]); }, bytes.data(), 1.7, 0.5);
    std::vector<std::uint16_t> words(values, 0);
    compare(
        KernelType::bf16, [&](std::size_t i) { return static_cast<double>(float_of(words[i])); }, words.data(), 1,
        0x1p-8);
    std::vector<float> floats(values, 0);
    compare(
        KernelType::f32, [&](std::size_t i) { return static_cast<double>(floats[i]); }, floats.data(), 1, 1e-6);
  }

  std::mt19937 generator_{5};
};

TEST_F(Int8ConvolutionTest, AddsEveryProduct) {
  // Blocks of one to four vectors of channels, some of them not full; tiles that are cut off or overlap.
  for (const int out : {1, 16, 24, 40, 64, 70, 96, 130}) {
    for (const int width : {1, 5, 6, 7, 13, 200}) {
      SCOPED_TRACE(testing::Message() << out << " channels, " << width << " wide");
      expect_sums({.window = {.in = 12, .out = out}, .rows = 3, .width = width});
    }
  }
}

TEST_F(Int8ConvolutionTest, HasZerosBesideTheMap) {
  for (const int width : {1, 3, 6, 17}) {
    SCOPED_TRACE(width);
    expect_sums({.window = {.in = 8, .out = 20, .rows = 3, .columns = 3, .padding = 1}, .width = width});
  }
  expect_sums({.window = {.in = 4, .out = 64, .rows = 5, .columns = 3, .dilation = 2, .padding = 2}, .width = 14});
}

// Weights that do not stay in the cache are taken block by block.
TEST_F(Int8ConvolutionTest, TakesWideWeights) {
  expect_sums({.window = {.in = 256, .out = 200, .rows = 3, .columns = 3, .padding = 1}, .rows = 5, .width = 8});
}

TEST_F(Int8ConvolutionTest, MovesByStrides) {
  expect_sums({.window = {.in = 8, .out = 32, .row_stride = 2, .column_stride = 2}, .width = 11});
  expect_sums(
      {.window = {.in = 8, .out = 32, .rows = 3, .columns = 3, .row_stride = 2, .column_stride = 2, .padding = 1},
       .width = 11});
}

TEST_F(Int8ConvolutionTest, AddsAShortcutAndKeepsWhatIsNegative) {
  expect_sums({.window = {.in = 16, .out = 80}, .residual = true});
  expect_sums({.window = {.in = 16, .out = 80}, .relu = false});
  expect_sums(
      {.window = {.in = 16, .out = 33, .rows = 3, .columns = 3, .padding = 1}, .relu = false, .residual = true});
}

// The sum of the largest products does not fit into 16 bits.
TEST_F(Int8ConvolutionTest, DoesNotSaturate) {
  const std::vector<std::int8_t> weights(64, 127);
  const float scale = 1;
  const std::vector<std::uint8_t> input(64, 255);
  float sum = 0;
  Int8Convolution({.in = 64, .out = 1}, weights.data(), &scale, nullptr, true)
      .run({input.data(), KernelType::u8, 64, 1, 64, 64, 0, 1, 1}, nullptr,
           {&sum, KernelType::f32, 1, 1, 1, 1, 0, 1, 1}, 1, on_two_threads);
  EXPECT_EQ(sum, 64 * 127 * 255);
}

// Three pixels of three colours as the channels of one, as a picture's first convolution reads them.
TEST_F(Int8ConvolutionTest, ReadsPixelsThatOverlap) {
  const auto input = random<std::uint8_t>(40, 0, 255);
  const auto weights = random<std::int8_t>(12, -127, 127);
  const float scale = 1;
  std::vector<float> sums(8);
  Int8Convolution({.in = 12, .out = 1}, weights.data(), &scale, nullptr, false)
      .run({input.data(), KernelType::u8, 12, 8, 3, 40, 0, 1, 1}, nullptr,
           {sums.data(), KernelType::f32, 1, 8, 1, 8, 0, 1, 1}, 1, on_two_threads);
  for (std::size_t x = 0; x < 8; ++x) {
    int expected = 0;
    for (std::size_t i = 0; i < 12; ++i) expected += input[3 * x + i] * weights[i];
    EXPECT_EQ(sums[x], static_cast<float>(expected)) << x;
  }
}

TEST_F(Int8ConvolutionTest, RefusesWhatDoesNotFit) {
  const std::vector<std::int8_t> weights(64);
  const float scale = 1;
  expect_misuse({"multiple of 4"},
                [&] { Int8Convolution({.in = 6, .out = 1}, weights.data(), &scale, nullptr, true); });
  const Int8Convolution convolution({.in = 8, .out = 1}, weights.data(), &scale, nullptr, true);
  std::vector<float> numbers(64);
  const Rows floats{numbers.data(), KernelType::f32, 8, 1, 8, 8, 0, 1, 1},
      bytes{numbers.data(), KernelType::u8, 4, 1, 4, 4, 0, 1, 1};
  const RowsOut out{numbers.data(), KernelType::f32, 1, 1, 1, 1, 0, 1, 1};
  expect_misuse({"int8 convolution", "f32"}, [&] { convolution.run(floats, nullptr, out, 1, on_two_threads); });
  expect_misuse({"int8 convolution", "channels"}, [&] { convolution.run(bytes, nullptr, out, 1, on_two_threads); });
}

}  // namespace
}  // namespace throng
