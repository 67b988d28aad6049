#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/expect_misuse.h"
#include "kernels/feature_map.h"
#include "kernels/rows.h"

namespace throng {
namespace {

constexpr ResizeRule all_rules[] = {ResizeRule::half_pixel, ResizeRule::align_corners, ResizeRule::nearest};

double position(int pixel, int in, int out, ResizeRule rule) {
  if (rule == ResizeRule::nearest) return std::floor(static_cast<double>(pixel) * in / out);
  if (rule == ResizeRule::align_corners) return out > 1 ? static_cast<double>(pixel) * (in - 1) / (out - 1) : 0;
  return std::clamp((pixel + 0.5) * in / out - 0.5, 0.0, in - 1.0);
}

// Value and the sum of its terms' sizes.
std::pair<double, double> expected(const FeatureMap& in, const FeatureMap& out, int y, int x, int c, ResizeRule rule) {
  const double row = position(y, in.height(), out.height(), rule);
  const double column = position(x, in.width(), out.width(), rule);
  double sum = 0;
  double sizes = 0;
  for (int ky = 0; ky < in.height(); ++ky) {
    for (int kx = 0; kx < in.width(); ++kx) {
      const double weight = std::max(0.0, 1 - std::abs(row - ky)) * std::max(0.0, 1 - std::abs(column - kx));
      if (weight == 0) continue;
      sum += weight * in.get(ky, kx, c);
      sizes += std::abs(in.get(ky, kx, c));
    }
  }
  return {sum, sizes};
}

// Coordinates are single-precision too: their error grows with the side.
void expect_resized(const FeatureMap& in, const FeatureMap& out, ResizeRule rule) {
  const double coordinates = rule == ResizeRule::nearest ? 1 : std::max(in.height(), in.width());
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      for (int c = 0; c < in.channels(); ++c) {
        const auto [value, sizes] = expected(in, out, y, x, c, rule);
        const double wanted = representable(out, value);
        ASSERT_NEAR(out.get(y, x, c), wanted, rounding(out, wanted, sizes * coordinates)) << y << " " << x << " " << c;
      }
    }
  }
}

struct Sizes {
  int in_height, in_width, out_height, out_width;
};

constexpr Sizes sizes[] = {{1, 1, 1, 1},  {1, 1, 4, 3},  {5, 7, 10, 14}, {5, 7, 1, 1},  {4, 4, 7, 13},
                           {9, 6, 9, 12}, {9, 6, 18, 6}, {13, 11, 5, 4}, {3, 40, 4, 41}};

// Protects enlarging and shrinking for every type and rule, vector remainders and the rest of a map that is written to.
TEST(Resize, EqualsTheDirectSum) {
  for (const KernelType type : all_types) {
    for (const ResizeRule rule : all_rules) {
      for (const Sizes& size : sizes) {
        for (const int channels : {1, 3, 64, 70}) {
          const FeatureMap in = FeatureMap(type, size.in_height, size.in_width, channels, 1, 0.02F).fill(1);
          FeatureMap out(type, size.out_height, size.out_width, channels, 2, 0.02F);
          resize(in.rows(), out.out(), out.height(), rule, three_threads);
          expect_resized(in, out, rule);
          EXPECT_TRUE(out.spares_untouched());
        }
      }
    }
  }
}

TEST(Resize, RescalesBytes) {
  for (const ResizeRule rule : all_rules) {
    for (const float scale : {0.01F, 0.03F}) {
      const FeatureMap in = FeatureMap(KernelType::u8, 6, 5, 37, 0, 0.02F).fill(2);
      for (const auto& [height, width] : {std::pair{11, 10}, {6, 5}}) {
        FeatureMap out(KernelType::u8, height, width, 37, 0, scale);
        resize(in.rows(), out.out(), height, rule, one_thread);
        expect_resized(in, out, rule);
      }
    }
  }
}

// Protects the engine's plan: a strip reads the rows that resize_input tells and no others, and gives the same bits.
TEST(Resize, StripsEqualTheWhole) {
  for (const KernelType type : all_types) {
    for (const ResizeRule rule : all_rules) {
      for (const Sizes& size : sizes) {
        const FeatureMap in = FeatureMap(type, size.in_height, size.in_width, 19).fill(3);
        FeatureMap whole(type, size.out_height, size.out_width, 19, 1);
        FeatureMap strips = whole;
        resize(in.rows(), whole.out(), whole.height(), rule, one_thread);
        for (int first = 0; first < whole.height(); first += 3) {
          const int count = std::min(3, whole.height() - first);
          const RowRange needed = resize_input(first, count, in.height(), whole.height(), rule);
          resize(in.only(needed).rows(needed.first), strips.out(first), count, rule, one_thread);
        }
        EXPECT_EQ(whole, strips);
      }
    }
  }
}

// By hand: centres at +0.5 put the four pixels at -0.25 (held at 0), 0.25, 0.75 and 1.25 (held at 1) of two; corners on
// corners at 0, 1/3, 2/3 and 1.
TEST(Resize, DoublesTwoPixels) {
  const std::vector<float> two = {2, 10};
  std::vector<float> four(4);
  const Rows in{two.data(), KernelType::f32, 1, 2, 1, 2, 0, 1, 1};
  const RowsOut out{four.data(), KernelType::f32, 1, 4, 1, 4, 0, 1, 1};
  resize(in, out, 1, ResizeRule::half_pixel, one_thread);
  EXPECT_EQ(four, (std::vector<float>{2, 4, 8, 10}));
  resize(in, out, 1, ResizeRule::align_corners, one_thread);
  EXPECT_FLOAT_EQ(four[1], 14.0F / 3);
  EXPECT_FLOAT_EQ(four[2], 22.0F / 3);
  resize(in, out, 1, ResizeRule::nearest, one_thread);
  EXPECT_EQ(four, (std::vector<float>{2, 2, 10, 10}));
}

// The product in single precision is 0.99999994 where the true one is 1: torch takes pixel 0, so must we.
TEST(Resize, TakesTheNearestInSinglePrecision) {
  const std::vector<float> two = {2, 10};
  std::vector<float> many(82);
  resize({two.data(), KernelType::f32, 1, 2, 1, 2, 0, 1, 1}, {many.data(), KernelType::f32, 1, 82, 1, 82, 0, 1, 1}, 1,
         ResizeRule::nearest, one_thread);
  EXPECT_EQ(many[41], 2);
  EXPECT_EQ(many[42], 10);
}

TEST(Resize, TellsTheRowsItReads) {
  const auto expect_rows = [](const RowRange& range, int first, int last) {
    EXPECT_EQ(range.first, first);
    EXPECT_EQ(range.last, last);
  };
  expect_rows(resize_input(0, 1, 8, 16, ResizeRule::half_pixel), 0, 2);
  expect_rows(resize_input(4, 4, 8, 16, ResizeRule::half_pixel), 1, 5);
  expect_rows(resize_input(15, 1, 8, 16, ResizeRule::half_pixel), 7, 8);
  expect_rows(resize_input(4, 4, 8, 16, ResizeRule::nearest), 2, 4);
  expect_rows(resize_input(15, 1, 8, 16, ResizeRule::align_corners), 7, 8);
  expect_rows(resize_input(3, 0, 8, 16, ResizeRule::nearest), 0, 0);
}

TEST(Resize, RefusesWhatDoesNotFit) {
  const FeatureMap in = FeatureMap(KernelType::f32, 4, 4, 4).fill(5);
  FeatureMap other_type(KernelType::u8, 8, 8, 4);
  FeatureMap more(KernelType::f32, 8, 8, 5);
  FeatureMap good(KernelType::f32, 8, 8, 4);
  const auto enlarge = [&](const Rows& from, const RowsOut& to, int count) {
    resize(from, to, count, ResizeRule::half_pixel, one_thread);
  };
  expect_misuse({"resize", "u8", "f32"}, [&] { enlarge(in.rows(), other_type.out(), 8); });
  expect_misuse({"resize", "5 channels"}, [&] { enlarge(in.rows(), more.out(), 8); });
  expect_misuse({"rows 7 to 9"}, [&] { enlarge(in.rows(), good.out(7), 2); });
  expect_misuse({"from 2 on", "row 1"}, [&] { enlarge(in.rows(2), good.out(4), 1); });
}

}  // namespace
}  // namespace throng
