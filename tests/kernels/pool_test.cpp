#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "expect_error.h"
#include "kernels/expect_misuse.h"
#include "kernels/feature_map.h"
#include "kernels/rows.h"

namespace throng {
namespace {

double largest_in_window(const FeatureMap& in, int y, int x, int c, const PoolWindow& window) {
  double most = -std::numeric_limits<double>::infinity();
  for (int ky = 0; ky < window.kernel; ++ky) {
    for (int kx = 0; kx < window.kernel; ++kx) {
      const int row = y * window.stride - window.padding + ky;
      const int column = x * window.stride - window.padding + kx;
      if (row < 0 || row >= in.height() || column < 0 || column >= in.width()) continue;
      most = std::max(most, in.get(row, column, c));
    }
  }
  return most;
}

FeatureMap empty_pooled(const FeatureMap& in, const PoolWindow& window, bool ceil, int spare) {
  return {in.type(), pooled(in.height(), window, ceil), pooled(in.width(), window, ceil), in.channels(), spare,
          in.scale()};
}

void expect_largest(const FeatureMap& in, const FeatureMap& out, const PoolWindow& window) {
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      for (int c = 0; c < in.channels(); ++c)
        ASSERT_EQ(out.get(y, x, c), largest_in_window(in, y, x, c, window)) << y << " " << x << " " << c;
    }
  }
}

constexpr PoolWindow windows[] = {{2, 2, 0}, {3, 2, 1}, {3, 1, 1}, {2, 1, 0}, {2, 3, 1}, {4, 3, 2}, {5, 2, 0}};

// Protects the kernel for every type, window and vector remainder, and the rest of a map that it writes a slice of.
TEST(MaxPool, IsTheLargestOfTheWindowsCellsInTheMap) {
  for (const KernelType type : all_types) {
    for (const PoolWindow& window : windows) {
      for (const bool ceil : {false, true}) {
        for (const int channels : {1, 3, 64, 101}) {
          const FeatureMap in = FeatureMap(type, 9, 14, channels, 2).fill(1);
          FeatureMap out = empty_pooled(in, window, ceil, 3);
          max_pool(in.rows(), out.out(), out.height(), window, three_threads);
          expect_largest(in, out, window);
          EXPECT_TRUE(out.spares_untouched());
        }
      }
    }
  }
}

// Protects against windows that lie mostly outside of small maps.
TEST(MaxPool, TakesMapsOfOneCell) {
  for (const KernelType type : all_types) {
    const FeatureMap in = FeatureMap(type, 1, 1, 20).fill(2);
    for (const auto& [window, ceil] : {std::pair{PoolWindow{3, 2, 1}, false}, {PoolWindow{2, 2, 0}, true}}) {
      FeatureMap out = empty_pooled(in, window, ceil, 0);
      max_pool(in.rows(), out.out(), 1, window, one_thread);
      EXPECT_EQ(out, in);
    }
  }
}

// Protects the engine's plan: a strip reads the rows that pool_input tells and no others, and gives the same bits.
TEST(MaxPool, StripsEqualTheWhole) {
  for (const KernelType type : all_types) {
    for (const PoolWindow& window : windows) {
      const FeatureMap in = FeatureMap(type, 13, 8, 35).fill(3);
      FeatureMap whole = empty_pooled(in, window, true, 1);
      FeatureMap strips = whole;
      max_pool(in.rows(), whole.out(), whole.height(), window, one_thread);
      for (int first = 0; first < whole.height(); first += 2) {
        const int count = std::min(2, whole.height() - first);
        const RowRange needed = pool_input(first, count, in.height(), window);
        max_pool(in.only(needed).rows(needed.first), strips.out(first), count, window, one_thread);
      }
      EXPECT_EQ(whole, strips);
    }
  }
}

// What is not a number must not vanish, and an infinity below zero must not win: torch's rule.
TEST(MaxPool, KeepsWhatIsNotANumber) {
  for (const std::uint32_t bits : {0x7FC00000U, 0xFFC00000U, 0x7F810000U, 0xFFFF0000U}) {
    for (const KernelType type : {KernelType::f32, KernelType::bf16}) {
      const auto stored = [&](std::uint32_t number) { return type == KernelType::bf16 ? number >> 16 : number; };
      FeatureMap in = FeatureMap(type, 4, 4, 40).fill(4);
      in.set_bits(1, 0, 7, stored(bits));
      in.set_bits(0, 0, 7, stored(0x7F800000U));
      for (const int cell : {0, 1}) {
        for (const int row : {0, 1}) in.set_bits(row, cell, 8, stored(0xFF800000U));
      }
      FeatureMap out(type, 2, 2, 40);
      max_pool(in.rows(), out.out(), 2, {}, one_thread);
      EXPECT_TRUE(std::isnan(out.get(0, 0, 7)));
      EXPECT_EQ(out.get(0, 0, 8), -std::numeric_limits<double>::infinity());
      EXPECT_EQ(out.get(1, 1, 7), largest_in_window(in, 1, 1, 7, {}));
    }
  }
}

TEST(MaxPool, SizesAreTorchs) {
  EXPECT_EQ(pooled(5, {2, 2, 0}, false), 2);
  EXPECT_EQ(pooled(5, {2, 2, 0}, true), 3);
  EXPECT_EQ(pooled(1, {2, 2, 0}, true), 1);
  EXPECT_EQ(pooled(224, {3, 2, 1}, false), 112);
  EXPECT_EQ(pooled(224, {3, 2, 1}, true), 113);
  EXPECT_EQ(pooled(1, {2, 2, 1}, true), 1);  // the second window would lie in the padding alone
  EXPECT_EQ(pooled(7, {2, 3, 1}, false), 3);
  EXPECT_EQ(pooled(7, {2, 3, 1}, true), 3);
}

TEST(MaxPool, RefusesWhatDoesNotFit) {
  const FeatureMap in = FeatureMap(KernelType::f32, 8, 8, 4).fill(5);
  FeatureMap good(KernelType::f32, 4, 4, 4);
  FeatureMap wide(KernelType::f32, 4, 5, 4);
  FeatureMap other_type(KernelType::bf16, 4, 4, 4);
  FeatureMap fewer(KernelType::f32, 4, 4, 3);
  const auto pool = [&](const Rows& from, const RowsOut& to, int count) { max_pool(from, to, count, {}, one_thread); };
  expect_misuse({"max_pool", "not the 5"}, [&] { pool(in.rows(), wide.out(), 4); });
  expect_misuse({"max_pool", "bf16", "f32"}, [&] { pool(in.rows(), other_type.out(), 4); });
  expect_misuse({"max_pool", "3 channels"}, [&] { pool(in.rows(), fewer.out(), 4); });
  expect_misuse({"rows 1 to 5", "4 rows"}, [&] { pool(in.rows(), good.out(1), 4); });
  expect_misuse({"from 3 on", "row 2"}, [&] { pool(in.rows(3), good.out(1), 1); });
  expect_error(ErrorKind::usage, {"a window of 2"}, [] { pooled(1, {2, 2, 0}, false); });
}

}  // namespace
}  // namespace throng
