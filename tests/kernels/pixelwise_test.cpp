#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/expect_misuse.h"
#include "kernels/feature_map.h"
#include "kernels/rows.h"

namespace throng {
namespace {

// Protects every pair of types, vector remainders, and the rest of a map that is written to.
TEST(Copy, ConvertsAnyTypeToAnyType) {
  for (const KernelType from : all_types) {
    for (const KernelType to : all_types) {
      for (const int channels : {1, 3, 64, 101}) {
        for (const int spare : {0, 2}) {
          const FeatureMap in = FeatureMap(from, 5, 7, channels, spare, 0.02F).fill(1);
          FeatureMap out(to, 5, 7, channels, 2 * spare, 0.013F);
          copy(in.rows(), out.out(), 5, three_threads);
          for (int y = 0; y < 5; ++y) {
            for (int x = 0; x < 7; ++x) {
              for (int c = 0; c < channels; ++c) {
                const double value = representable(out, in.get(y, x, c));
                ASSERT_NEAR(out.get(y, x, c), value, rounding(out, value, std::abs(in.get(y, x, c))));
              }
            }
          }
          EXPECT_TRUE(out.spares_untouched());
        }
      }
    }
  }
}

TEST(Copy, KeepsTheBitsOfTheSameType) {
  for (const KernelType type : all_types) {
    const FeatureMap in = FeatureMap(type, 4, 5, 6, 1, 0.5F).fill(2);
    FeatureMap out(type, 4, 5, 6, 1, 0.5F);
    copy(in.rows(), out.out(), 4, one_thread);
    EXPECT_EQ(in, out);
    FeatureMap lower(type, 4, 5, 6, 1, 0.5F);
    copy(in.rows(2), lower.out(2), 2, one_thread);
    EXPECT_EQ(lower, in.only({2, 4}));
  }
}

// Many copies of a number, so that vectors and remainders are seen.
template <class To>
void expect_all(const std::vector<float>& numbers, KernelType type, const std::vector<To>& wanted, float scale = 1) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::vector<float> in(75, numbers[i]);
    std::vector<To> out(75);
    copy({in.data(), KernelType::f32, 75, 1, 75, 75, 0, 1, 1}, {out.data(), type, 75, 1, 75, 75, 0, 1, scale}, 1,
         one_thread);
    EXPECT_EQ(out, std::vector<To>(75, wanted[i])) << numbers[i];
  }
}

TEST(Copy, RoundsToTheNearestBf16) {
  const auto number = [](std::uint32_t bits) { return std::bit_cast<float>(bits); };
  expect_all<std::uint16_t>(
      {number(0x3F808000), number(0x3F818000), number(0x3F808001), number(0xBF817FFF), number(0x00018000), -0.0F,
       number(0x7F7FFFFF), number(0x7F800000), number(0xFF800000), number(0x7FFFFFFF), number(0xFF800001)},
      KernelType::bf16, {0x3F80, 0x3F82, 0x3F81, 0xBF81, 0x0002, 0x8000, 0x7F80, 0x7F80, 0xFF80, 0x7FFF, 0xFFC0});
}

TEST(Copy, RoundsToTheNearestByte) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  expect_all<std::uint8_t>({0.25F, 0.75F, 1.25F, 127.24F, 127.3F, 1000, infinity, -3, -infinity, -0.0F}, KernelType::u8,
                           {0, 2, 2, 254, 255, 255, 255, 0, 0, 0}, 0.5F);
}

// Protects every triple of types, scales, ReLU, vector remainders, and the rest of a map that is written to.
TEST(Add, SumsAnyTypesIntoAnyType) {
  for (const KernelType first : all_types) {
    for (const KernelType second : all_types) {
      for (const KernelType to : all_types) {
        for (const bool relu : {false, true}) {
          for (const int channels : {3, 101}) {
            const FeatureMap a = FeatureMap(first, 4, 5, channels, relu ? 2 : 0, 0.02F).fill(1);
            const FeatureMap b = FeatureMap(second, 4, 5, channels, relu ? 1 : 0, 0.05F).fill(2);
            FeatureMap out(to, 4, 5, channels, relu ? 3 : 0, 0.07F);
            add(a.rows(), b.rows(), out.out(), 4, relu, three_threads);
            for (int y = 0; y < 4; ++y) {
              for (int x = 0; x < 5; ++x) {
                for (int c = 0; c < channels; ++c) {
                  const double sum = static_cast<double>(a.get(y, x, c)) + b.get(y, x, c);
                  const double value = representable(out, relu ? std::max(sum, 0.0) : sum);
                  const double size = std::abs(a.get(y, x, c)) + std::abs(b.get(y, x, c));
                  ASSERT_NEAR(out.get(y, x, c), value, rounding(out, value, size));
                }
              }
            }
            EXPECT_TRUE(out.spares_untouched());
          }
        }
      }
    }
  }
}

// Protects every type, scales, remainders, and the work in place.
TEST(Multiply, TakesOneWeightPerPixel) {
  for (const KernelType type : all_types) {
    for (const int channels : {1, 5, 64, 70}) {
      FeatureMap features = FeatureMap(type, 6, 9, channels, 1, 0.02F).fill(3);
      const FeatureMap weights = FeatureMap(KernelType::f32, 6, 9, 1, 2).fill(4);
      FeatureMap out(type, 6, 9, channels, 3, 0.03F);
      multiply(features.rows(), weights.rows(), out.out(), 6, three_threads);
      for (int y = 0; y < 6; ++y) {
        for (int x = 0; x < 9; ++x) {
          for (int c = 0; c < channels; ++c) {
            const double product = features.get(y, x, c) * weights.get(y, x, 0);
            const double value = representable(out, product);
            ASSERT_NEAR(out.get(y, x, c), value, rounding(out, value, std::abs(product)));
          }
        }
      }
      EXPECT_TRUE(out.spares_untouched());
      FeatureMap apart(type, 6, 9, channels, 1, 0.02F);
      for (int first = 0; first < 6; first += 4) {
        multiply(features.rows(first), weights.rows(first), apart.out(first), std::min(4, 6 - first), one_thread);
      }
      multiply(features.rows(), weights.rows(), features.out(), 6, one_thread);
      EXPECT_EQ(features, apart);
    }
  }
}

// From where it is all but 0 to where it is all but 1, and beyond.
TEST(Sigmoid, IsRightToThreeUnitsInTheLastPlace) {
  constexpr int count = 20001;
  std::vector<float> numbers(count);
  for (int i = 0; i < count; ++i) numbers[static_cast<std::size_t>(i)] = static_cast<float>(i - 16600) * 0.005193F;
  std::vector<float> results(count);
  sigmoid({numbers.data(), KernelType::f32, 1, count, 1, count, 0, 1, 1},
          {results.data(), KernelType::f32, 1, count, 1, count, 0, 1, 1}, 1, one_thread);
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = 1 / (1 + std::exp(-static_cast<double>(numbers[i])));
    ASSERT_NEAR(results[i], wanted, 3 * wanted * 0x1p-23) << numbers[i];
  }
}

TEST(Sigmoid, HoldsItsEndsAndWhatIsNotANumber) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> numbers = {-infinity, -1000, -89, 0, 20, 89, 1000, infinity, std::nanf(""), -std::nanf("")};
  const auto count = static_cast<int>(numbers.size());
  sigmoid({numbers.data(), KernelType::f32, 1, count, 1, count, 0, 1, 1},
          {numbers.data(), KernelType::f32, 1, count, 1, count, 0, 1, 1}, 1, one_thread);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GE(numbers[i], 0);
    EXPECT_LT(numbers[i], 1e-38);
  }
  EXPECT_EQ(numbers[3], 0.5F);
  for (std::size_t i = 4; i < 8; ++i) EXPECT_EQ(numbers[i], 1.0F);
  EXPECT_TRUE(std::isnan(numbers[8]) && std::isnan(numbers[9]));
}

TEST(Sigmoid, WritesIntoSomeChannels) {
  const FeatureMap in = FeatureMap(KernelType::f32, 5, 4, 3, 1).fill(6);
  FeatureMap out(KernelType::f32, 5, 4, 3, 2);
  sigmoid(in.rows(0), out.out(0), 2, one_thread);
  sigmoid(in.rows(2), out.out(2), 3, one_thread);
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 4; ++x) {
      for (int c = 0; c < 3; ++c) EXPECT_NEAR(out.get(y, x, c), 1 / (1 + std::exp(-in.get(y, x, c))), 2e-7);
    }
  }
  EXPECT_TRUE(out.spares_untouched());
}

TEST(Pixelwise, RefusesWhatDoesNotFit) {
  const FeatureMap in = FeatureMap(KernelType::bf16, 4, 4, 4).fill(7);
  const FeatureMap two = FeatureMap(KernelType::f32, 4, 4, 2).fill(8);
  FeatureMap small(KernelType::bf16, 4, 3, 4);
  FeatureMap out(KernelType::bf16, 4, 4, 4);
  expect_misuse({"copy", "4x4", "4x3"}, [&] { copy(in.rows(), small.out(), 4, one_thread); });
  expect_misuse({"copy", "rows from 1 on"}, [&] { copy(in.rows(1), out.out(), 4, one_thread); });
  expect_misuse({"multiply", "2 channels"}, [&] { multiply(in.rows(), two.rows(), out.out(), 4, one_thread); });
  expect_misuse({"multiply", "bf16 where f32"}, [&] { multiply(in.rows(), in.rows(), out.out(), 4, one_thread); });
  expect_misuse({"sigmoid", "bf16 where f32"}, [&] { sigmoid(in.rows(), out.out(), 4, one_thread); });
}

}  // namespace
}  // namespace throng
