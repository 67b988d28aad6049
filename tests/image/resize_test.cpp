#include "image/resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "expect_error.h"
#include "image/draw.h"
#include "image/sample_pictures.h"

namespace throng {
namespace {

using testing::ElementsAre;

/// One row or column of grey pixels.
Image grey(int width, int height, const std::vector<int>& values) {
  Image image{width, height, {}};
  for (const int value : values) image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(value));
  return image;
}

std::vector<int> greys(const Image& image) {
  std::vector<int> values;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    EXPECT_EQ(image.rgb[i], image.rgb[i + 1]);
    EXPECT_EQ(image.rgb[i], image.rgb[i + 2]);
    values.push_back(image.rgb[i]);
  }
  return values;
}

TEST(Resize, ShrinkingAveragesAreas) {
  EXPECT_THAT(greys(resize_image(grey(4, 1, {0, 100, 200, 20}), 2, 1)), ElementsAre(50, 110));
  // 3 -> 2: the first covers pixel 0 and half of pixel 1: (2 * 30 + 60) / 3 = 40; the second (60 + 2 * 90) / 3 = 80.
  EXPECT_THAT(greys(resize_image(grey(3, 1, {30, 60, 90}), 2, 1)), ElementsAre(40, 80));
  EXPECT_THAT(greys(resize_image(grey(1, 3, {30, 60, 90}), 1, 2)), ElementsAre(40, 80));
  EXPECT_THAT(greys(resize_image(grey(2, 2, {10, 20, 30, 41}), 1, 1)), ElementsAre(25));  // 25.25
}

TEST(Resize, GrowingInterpolatesBetweenPixelCentres) {
  EXPECT_THAT(greys(resize_image(grey(2, 1, {0, 100}), 4, 1)), ElementsAre(0, 25, 75, 100));
  // 2 -> 3: centres at -1/6, 1/2, 7/6 of the source.
  EXPECT_THAT(greys(resize_image(grey(1, 2, {0, 100}), 1, 3)), ElementsAre(0, 50, 100));
  EXPECT_THAT(greys(resize_image(grey(1, 1, {77}), 2, 2)), ElementsAre(77, 77, 77, 77));
}

// Weights a quarter behind a pixel: -0.0703125, 0.8671875, 0.2265625, -0.0234375.
TEST(Resize, GrowingByCubicsKeepsEdgesSharp) {
  EXPECT_THAT(greys(resize_image_bicubic(grey(4, 1, {10, 20, 30, 40}), 8, 1)),
              ElementsAre(10, 12, 17, 23, 28, 33, 38, 40));  // 11.80 17.27 22.5 27.5 32.73 38.20
  EXPECT_THAT(greys(resize_image_bicubic(grey(1, 4, {100, 100, 200, 200}), 1, 8)),
              ElementsAre(100, 98, 93, 120, 180, 207, 202, 200));  // 97.66 92.97 120.31 179.69 207.03 202.34
  EXPECT_THAT(greys(resize_image_bicubic(grey(2, 1, {0, 100}), 4, 1)), ElementsAre(0, 20, 80, 100));
  // What goes beyond black and white is cut off.
  EXPECT_THAT(greys(resize_image_bicubic(grey(4, 1, {0, 0, 255, 255}), 8, 1)),
              ElementsAre(0, 0, 0, 52, 203, 255, 255, 255));
  EXPECT_THAT(greys(resize_image_bicubic(grey(1, 1, {77}), 2, 3)), testing::Each(77));
}

TEST(Resize, ByCubicsOrNotAreasAreAveraged) {
  const Image image = grey(4, 2, {0, 100, 200, 20, 4, 8, 12, 16});
  EXPECT_EQ(resize_image_bicubic(image, 3, 1).rgb, resize_image(image, 3, 1).rgb);
  EXPECT_EQ(resize_image_bicubic(image, 4, 2).rgb, image.rgb);
}

TEST(Resize, OneSideCanGrowWhileTheOtherShrinks) {
  EXPECT_THAT(greys(resize_image(grey(2, 2, {0, 100, 40, 60}), 4, 1)), ElementsAre(20, 35, 65, 80));
}

TEST(Resize, ChannelsStayApartAndTheSameSizeIsACopy) {
  const Image two{2, 1, {0, 10, 200, 100, 30, 0}};
  EXPECT_THAT(resize_image(two, 1, 1).rgb, ElementsAre(50, 20, 100));
  EXPECT_EQ(resize_image(two, 2, 1).rgb, two.rgb);
}

TEST(Resize, WhiteStaysWhiteAtOddSizes) {
  for (const auto& [width, height] : {std::pair{7, 13}, std::pair{97, 3}, std::pair{1, 1}, std::pair{400, 1}}) {
    const Image image = resize_image(filled_image(31, 29, {255, 255, 255}), width, height);
    EXPECT_EQ(image.rgb, Bytes(3 * static_cast<std::size_t>(width * height), 255));
    EXPECT_EQ(resize_image_bicubic(filled_image(31, 29, {255, 255, 255}), width, height).rgb, image.rgb);
  }
}

TEST(Resize, ImpossibleSizesAreErrors) {
  expect_error(ErrorKind::failure, {"0 x 4"}, [] { resize_image(grey(1, 1, {1}), 0, 4); });
  expect_error(ErrorKind::failure, {"empty picture"}, [] { resize_image({}, 4, 4); });
}

TEST(Resize, ScaledSidesAreRoundedAndNeverVanish) {
  EXPECT_EQ(scaled_size({5, 1}, 0.5), (ImageSize{3, 1}));  // 2.5
  EXPECT_EQ(scaled_size({3, 4}, 0.1), (ImageSize{1, 1}));
  EXPECT_EQ(scaled_size({2147483647, 3}, 4), (ImageSize{2147483647, 12}));
}

// Models were calibrated with second looks at copies of these sizes.
TEST(Resize, SidesDividedByTheRootOfTwo) {
  for (int length = 1; length <= 100000; ++length) {
    const long divided = std::max(1L, std::lround(length / std::numbers::sqrt2));
    ASSERT_EQ(scaled_length(length, 1 / std::numbers::sqrt2), divided) << length;
  }
}

TEST(Resize, ScaledPicturesGrowByCubicsAndShrinkByAreas) {
  const Image two{2, 1, {0, 0, 0, 100, 100, 100}};
  EXPECT_EQ(scaled_image(two, 2).rgb, resize_image_bicubic(two, 4, 2).rgb);
  EXPECT_EQ(scaled_image(two, 2).rgb[3], 20);
  EXPECT_THAT(scaled_image(two, 0.5).rgb, ElementsAre(50, 50, 50));
}

}  // namespace
}  // namespace throng
