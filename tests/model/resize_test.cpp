#include "model/resize.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <numeric>

#include "expect_error.h"

namespace throng {
namespace {

// 97 rows over 24: source floor(y * 24 / 97); one row comes 5 times, the others 4 times.
TEST(NearestRepeats, CountsHowOftenARowIsTaken) {
  const std::vector<float> repeats = nearest_repeats(24, 97, 97);
  std::vector<float> expected(24, 0);
  for (int y = 0; y < 97; ++y) expected[y * 24 / 97] += 1;
  EXPECT_EQ(repeats, expected);
  EXPECT_EQ(std::accumulate(repeats.begin(), repeats.end(), 0.0F), 97.0F);
}

TEST(NearestRepeats, LooksOnlyAtTheValidRows) {
  EXPECT_EQ(nearest_repeats(4, 16, 6), (std::vector<float>{4, 2, 0, 0}));
}

TEST(NearestRepeats, AgreesWithTorchForEverySize) {
  for (std::int64_t out = 16; out < 700; ++out) {
    const std::int64_t in = out / 4;
    const at::Tensor index = at::arange(in, at::kFloat).view({1, 1, in, 1});
    const at::Tensor taken = resize_nearest(index, out, 1).flatten().to(at::kLong);
    const at::Tensor counted = at::bincount(taken, {}, in).to(at::kFloat);
    const std::vector<float> repeats = nearest_repeats(in, out, out);
    ASSERT_TRUE(at::equal(counted, at::tensor(repeats))) << out;
  }
}

// Four values 0 1 2 3 in the middle of a row stretched from 4 to 8: half-pixel centres sit at 0.25 steps of a half.
TEST(ResizeBilinear, HalfPixelAndAlignedCorners) {
  const at::Tensor row = at::arange(4, at::kFloat).view({1, 1, 1, 4});
  const at::Tensor half = resize_bilinear(row, 1, 8, ResizeMode::half_pixel).flatten();
  EXPECT_TRUE(at::allclose(half, at::tensor({0.0F, 0.25F, 0.75F, 1.25F, 1.75F, 2.25F, 2.75F, 3.0F})));
  const at::Tensor aligned = resize_bilinear(row, 1, 7, ResizeMode::align_corners).flatten();
  EXPECT_TRUE(at::allclose(aligned, at::tensor({0.0F, 0.5F, 1.0F, 1.5F, 2.0F, 2.5F, 3.0F})));
}

TEST(ResizeBilinear, SameSizeIsTheSameTensor) {
  const at::Tensor map = at::rand({1, 2, 3, 4});
  EXPECT_TRUE(resize_bilinear(map, 3, 4, ResizeMode::half_pixel).is_same(map));
  EXPECT_TRUE(resize_nearest(map, 3, 4).is_same(map));
}

TEST(ParseResizeMode, NamesTheChoices) {
  EXPECT_EQ(parse_resize_mode("align_corners"), ResizeMode::align_corners);
  expect_error(ErrorKind::usage, {"cubic", "half_pixel", "align_corners"}, [] { parse_resize_mode("cubic"); });
}

}  // namespace
}  // namespace throng
