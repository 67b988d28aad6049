#include "image/draw.h"

#include "expect_error.h"
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
  }
}

TEST(Resize, ImpossibleSizesAreErrors) {
  expect_error(ErrorKind::failure, {"0 x 4"}, [] { resize_image(grey(1, 1, {1}), 0, 4); });
  expect_error(ErrorKind::failure, {"empty picture"}, [] { resize_image({}, 4, 4); });
}

}  // namespace
}  // namespace throng
