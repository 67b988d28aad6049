#include "infer/fitted_grid.h"

#include <gmock/gmock.h>

#include <numeric>
#include <utility>

#include "core/text.h"

namespace throng {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

double sum_of(const DensityMap& map) { return std::accumulate(map.values.begin(), map.values.end(), 0.0); }

DensityMap fitted(DensityMap grid, ImageSize seen, ImageSize picture) {
  return FittedGrid({.count = 0, .grid = std::move(grid), .seen = seen}, picture).mean();
}

/// One person in a cell of the first row.
CountedGrid dot(int width, int height, int cell, ImageSize seen, bool mirrored = false) {
  DensityMap grid{width, height, std::vector<float>(static_cast<std::size_t>(width * height))};
  grid.values[static_cast<std::size_t>(cell)] = 1;
  return {.count = 1, .grid = std::move(grid), .seen = seen, .mirrored = mirrored};
}

CountedGrid nobody(int width, int height, ImageSize seen) {
  CountedGrid counted = dot(width, height, 0, seen);
  counted.grid.values[0] = 0;
  return counted;
}

/// Where the people are along x, where each cell covers so many pixels from the left.
double place_of(const DensityMap& map, double cell) {
  double sum = 0;
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    sum += map.values[i] * cell * (0.5 + static_cast<double>(i % static_cast<std::size_t>(map.width)));
  }
  return sum / sum_of(map);
}

TEST(FittedGridTest, CellsStayWhereTheyFit) {
  const DensityMap grid{5, 4, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}};
  for (const ImageSize picture : {ImageSize{40, 32}, {20, 16}, {19, 16}}) {
    const DensityMap same = fitted(grid, {20, 16}, picture);
    EXPECT_EQ(same.width, 5);
    EXPECT_EQ(same.height, 4);
    EXPECT_EQ(same.values, grid.values);
  }
}

TEST(FittedGridTest, NoCellIsSmallerThanAPixel) {
  // 17 columns for 16 pixels: a pixel covers 17/16 of a cell.
  DensityMap grid{17, 16, std::vector<float>(17 * 16, 0)};
  grid.values[0] = 1;
  grid.values[1] = 16;
  const DensityMap pixels = fitted(grid, {68, 64}, {16, 16});
  EXPECT_EQ(pixels.width, 16);
  EXPECT_FLOAT_EQ(pixels.values[0], 2);  // the first, and 1/16 of the second
  EXPECT_FLOAT_EQ(pixels.values[1], 15);
  EXPECT_NEAR(sum_of(pixels), 17, 1e-5);
}

TEST(FittedGridTest, ASideThatNetworksDoNotTakeHasPixels) {
  // 5 pixels counted as 20, in 5 cells of 4; they are padded to 16.
  DensityMap grid{5, 4, std::vector<float>(20, 0)};
  std::iota(grid.values.begin(), grid.values.begin() + 5, 1.0F);
  const DensityMap padded = fitted(grid, {20, 16}, {5, 16});
  EXPECT_EQ(padded.width, 16);
  EXPECT_EQ(padded.height, 4);
  EXPECT_THAT(std::vector(padded.values.begin(), padded.values.begin() + 7),
              Pointwise(FloatNear(1e-6), {1, 2, 3, 4, 5, 0, 0}));
  const CountResult result{.count = 15, .width = 5, .height = 16, .grid = padded};
  EXPECT_NEAR(sum_of(result.per_pixel()), 15, 1e-5);
}

TEST(FittedGridTest, WhatWasPaddedWhenItWasCountedCoversThePicture) {
  // 32 pixels counted as 8 of 16: of 4 cells the first 2 hold people, and stand for 4 pixels of the copy each.
  DensityMap grid{4, 4, std::vector<float>(16, 0)};
  grid.values[0] = 3;
  grid.values[1] = 5;
  const DensityMap spread = fitted(grid, {8, 16}, {32, 64});
  EXPECT_EQ(spread.width, 8);
  EXPECT_THAT(std::vector(spread.values.begin(), spread.values.begin() + 8),
              ElementsAre(0.75F, 0.75F, 0.75F, 0.75F, 1.25F, 1.25F, 1.25F, 1.25F));
}

// Networks halve sides rounding up or down: the last cell covers a part of its pixels, or pixels are left over.
TEST(FittedGridTest, AMirroredGridIsTurnedBackToTheSamePixels) {
  for (const int width : {96, 97, 98, 99}) {
    for (const int cells : {24, 25}) {
      if (width == 96 && cells == 25) continue;
      for (int cell = 0; cell < 24; ++cell) {
        const std::string what = text(width, " pixels in ", cells, " cells, ", cell);
        FittedGrid grid(nobody(cells, 16, {width, 64}), {width, 64});
        grid.add(dot(cells, 16, cell, {width, 64}, true));
        const DensityMap turned = std::move(grid).mean();
        EXPECT_NEAR(sum_of(turned), 0.5, 1e-6) << what;
        // Beside the ends, where people cannot go on into cells that are not there.
        if (cell > 0 && cell < 23) {
          EXPECT_NEAR(place_of(turned, 4), width - (4 * cell + 2), 0.5) << what;
        }
      }
    }
  }
}

TEST(FittedGridTest, AMirroredGridIsTurnedBackWithoutItsPadding) {
  // 5 pixels in cells of 4: the first covers pixels 1 to 4 of the picture, the second pixel 0.
  FittedGrid grid(nobody(4, 4, {5, 16}), {5, 16});
  CountedGrid mirrored = dot(4, 4, 0, {5, 16}, true);
  mirrored.grid.values[0] = 8;
  mirrored.grid.values[1] = 1;
  grid.add(mirrored);
  const DensityMap turned = std::move(grid).mean();
  EXPECT_THAT(std::vector(turned.values.begin(), turned.values.begin() + 4), ElementsAre(3.5F, 1, 0, 0));
}

TEST(FittedGridTest, CellsOfAnotherSizeKeepTheirPixels) {
  for (const int width : {97, 98}) {
    for (const int more : {0, 1}) {
      for (int cell = 0; cell < 24; ++cell) {
        const ImageSize picture{width, 64};
        FittedGrid grid(nobody(2 * width / 4, 32, {2 * width, 128}), picture);
        grid.add(dot(24 + more, 16, cell, picture));
        const DensityMap mean = std::move(grid).mean();
        EXPECT_EQ(mean.width, 2 * width / 4);
        EXPECT_NEAR(sum_of(mean), 0.5, 1e-6);
        EXPECT_NEAR(place_of(mean, 2), 4 * cell + 2, 0.5) << width << " pixels, " << cell;
      }
    }
  }
}

TEST(FittedGridTest, SeveralAreTheMean) {
  FittedGrid grid({.count = 6, .grid = {4, 4, std::vector<float>(16, 6)}, .seen = {16, 16}}, {16, 16});
  grid.add({.count = 24, .grid = {8, 4, std::vector<float>(32, 1.5F)}, .seen = {32, 16}});
  EXPECT_THAT(std::move(grid).mean().values, testing::Each(FloatNear(4.5F, 1e-6F)));
}

}  // namespace
}  // namespace throng
