#include "infer/equal_sizes.h"

#include <gmock/gmock.h>

namespace throng {

namespace {

using testing::ElementsAre;

std::vector<Image> sized(const std::vector<std::pair<int, int>>& sizes) {
  std::vector<Image> images;
  for (const auto& [width, height] : sizes) images.push_back({.width = width, .height = height, .rgb = {}});
  return images;
}

TEST(EqualSizes, PicturesOfOneSizeComeTogether) {
  const std::vector<Image> images = sized({{4, 3}, {3, 4}, {4, 3}, {5, 5}, {3, 4}, {4, 3}});
  EXPECT_THAT(equal_size_batches(images), ElementsAre(ElementsAre(0, 2, 5), ElementsAre(1, 4), ElementsAre(3)));
  EXPECT_TRUE(equal_size_batches({}).empty());
}

TEST(EqualSizes, ABatchHasNoMorePicturesAndPixelsThanAllowed) {
  const std::vector<Image> images = sized({{4, 3}, {4, 3}, {4, 3}, {4, 3}, {4, 3}});
  EXPECT_THAT(equal_size_batches(images, {.pictures = 2}),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3), ElementsAre(4)));
  EXPECT_THAT(equal_size_batches(images, {.pixels = 36}), ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4)));
  EXPECT_EQ(equal_size_batches(images, {.pixels = 1}).size(), 5U);
}

}  // namespace

}  // namespace throng
