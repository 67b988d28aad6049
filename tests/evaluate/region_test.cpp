#include "evaluate/region.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "evaluate/masks.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(Region, WithoutAMaskIsEverything) {
  const Region region({.image = "a.png", .width = 3, .height = 2, .points = {}, .split = "test", .group = {}});
  std::vector<float> map = {1, 2, 3, 4, 5, 6};
  region.cut(map);
  EXPECT_TRUE(region.whole());
  EXPECT_EQ(map, (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(region.contains({-100, 7}));
}

TEST(Region, CutsMapsAndPoints) {
  const TemporaryFolder folder;
  ManifestEntry entry{.image = "a.png", .width = 3, .height = 2, .points = {}, .split = "test", .group = {}};
  entry.roi = save_left_mask(folder / "mask.png", 3, 2, 2);
  const Region region(entry);
  EXPECT_FALSE(region.whole());
  std::vector<float> map = {1, 2, 3, 4, 5, 6};
  region.cut(map);
  EXPECT_EQ(map, (std::vector<float>{1, 2, 0, 4, 5, 0}));
  EXPECT_TRUE(region.contains({1.99, 1.99}));
  EXPECT_FALSE(region.contains({2.0, 1.99}));
  // Outside the picture: the nearest pixel decides.
  EXPECT_TRUE(region.contains({-100, 50}));
  EXPECT_FALSE(region.contains({3.5, -1}));
  EXPECT_TRUE(region.contains({std::numeric_limits<double>::quiet_NaN(), 0}));
}

TEST(Region, MaskOfAnotherSizeIsRefused) {
  const TemporaryFolder folder;
  ManifestEntry entry{.image = "a.png", .width = 30, .height = 20, .points = {}, .split = "test", .group = {}};
  entry.roi = save_left_mask(folder / "mask.png", 20, 30, 5);
  expect_error(ErrorKind::input, {"mask.png", "20x30", "30x20"}, [&] { Region{entry}; });
}

}  // namespace
}  // namespace throng
