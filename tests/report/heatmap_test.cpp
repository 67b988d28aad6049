#include "report/heatmap.h"

#include <cmath>
#include <string>

#include "expect_error.h"
#include "image/draw.h"
#include "report/shown_words.h"

namespace throng {
namespace {

constexpr Colour kBright = {245, 245, 245};
constexpr Colour kSoft = {176, 180, 190};

TEST(Heatmap, ShowsCountNoteAndScale) {
  const Image picture = filled_image(600, 400, {120, 120, 120});
  DensityMap grid{.width = 6, .height = 4, .values = std::vector<float>(24)};
  grid.values[7] = 3;  // cells of 100 x 100 pixels
  const Image image = heatmap_overlay(picture, grid, 1234.56, "truth 1300");
  EXPECT_EQ(image.width, 600);
  EXPECT_GT(image.height, 400);
  EXPECT_LT(image.height, 500);
  EXPECT_TRUE(shows(image, "Count 1234.6", kBright, 2));
  EXPECT_TRUE(shows(image, "truth 1300", kSoft, 1));
  EXPECT_TRUE(shows(image, "people per 100 x 100 pixels", kSoft, 1));
  for (const char* label : {"0", "1", "2", "3", "4", "5"}) EXPECT_TRUE(shows(image, label, kBright, 1)) << label;
  EXPECT_FALSE(shows(image, "6", kBright, 1));
}

TEST(Heatmap, HeadsAreDotsOverTheDensity) {
  const Image picture = filled_image(600, 400, {120, 120, 120});
  const DensityMap grid{.width = 6, .height = 4, .values = std::vector<float>(24, 0.1f)};
  const Image without = heatmap_overlay(picture, grid, 2.4);
  const Image with = heatmap_overlay(picture, grid, 2.4, {}, std::vector<HeadPoint>{{100.5f, 50.5f, 1}, {300, 20, 1}});
  EXPECT_EQ(with.pixel(100, 50)[0], 255);
  EXPECT_NE(without.pixel(100, 50)[0], 255);
  EXPECT_EQ(with.pixel(200, 200)[2], without.pixel(200, 200)[2]);
}

TEST(Heatmap, TextGrowsWithThePicture) {
  const DensityMap grid{.width = 1, .height = 1, .values = {2}};
  const Image image = heatmap_overlay(filled_image(1300, 900, {9, 9, 9}), grid, 2);
  EXPECT_TRUE(shows(image, "Count 2.0", kBright, 6));
}

TEST(Heatmap, DimsWhereNobodyIsAndColoursWhereTheCrowdIs) {
  const Image picture = filled_image(600, 400, {200, 200, 200});
  DensityMap grid{.width = 6, .height = 4, .values = std::vector<float>(24)};
  grid.values[2 * 6 + 4] = 1;
  const Image image = heatmap_overlay(picture, grid, 1);
  // Far from the crowd: 0.7 of the grey.
  for (int c = 0; c < 3; ++c) EXPECT_EQ(image.pixel(50, 50)[c], 140);
  // Almost in the middle of the crowd's cell: half a pixel of its 100 away from the centre along both sides.
  const double near = 0.995 * 0.995;  // the scale ends at 1
  const Colour top = density_colour(near);
  const double covered = 0.85 * std::sqrt(near);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(image.pixel(450, 250)[c], (1 - covered) * 140 + covered * top[c], 1);
  // Halfway to the next cell's centre the density is a half.
  const Colour half = density_colour(0.5);
  const double opacity = 0.85 * std::sqrt(0.5);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(image.pixel(400, 250)[c], (1 - opacity) * 140 + opacity * half[c], 2);
}

struct Extreme {
  int width, height;
  int most_width, most_height;
};

TEST(Heatmap, AnyPictureIsBroughtToASizeThatCanBeLookedAt) {
  const DensityMap grid{.width = 3, .height = 3, .values = {0, 0, 1, 0, 0, 0, 5, 0, 0}};
  for (const Extreme& extreme : {Extreme{1, 1, 480, 600}, Extreme{1, 300, 480, 700}, Extreme{300, 1, 640, 60},
                                 Extreme{9000, 30, 4000, 70}, Extreme{20, 9000, 420, 4100}, Extreme{481, 7, 481, 60}}) {
    const Image image = heatmap_overlay(filled_image(extreme.width, extreme.height, {80, 90, 100}), grid, 6.0);
    EXPECT_LE(image.width, extreme.most_width) << extreme.width << " x " << extreme.height;
    EXPECT_LE(image.height, extreme.most_height) << extreme.width << " x " << extreme.height;
    EXPECT_GE(image.width, 420);
    EXPECT_TRUE(shows(image, "Count 6.0", kBright, 2)) << extreme.width << " x " << extreme.height;
  }
}

TEST(Heatmap, ALongNoteIsCutBeforeTheBar) {
  const DensityMap grid{.width = 1, .height = 1, .values = {1}};
  const Image image = heatmap_overlay(filled_image(480, 480, {0, 0, 0}), grid, 1, std::string(300, 'm'));
  EXPECT_TRUE(shows(image, "mmm...", kSoft, 1));
  EXPECT_TRUE(shows(image, "people per 100 x 100 pixels", kSoft, 1));
}

TEST(Heatmap, NegativeAndMissingDensitiesAreShownAsNone) {
  const Image picture = filled_image(600, 400, {200, 200, 200});
  const DensityMap grid{.width = 2, .height = 1, .values = {-5, NAN}};
  const Image image = heatmap_overlay(picture, grid, 0);
  for (const int x : {10, 300, 590}) EXPECT_EQ(image.pixel(x, 200)[1], 140);
}

TEST(Heatmap, GridsThatDoNotFitAndEmptyPicturesAreErrors) {
  const Image picture = filled_image(10, 10, {0, 0, 0});
  expect_error(ErrorKind::failure, {"2 x 2 cells", "3 values"}, [&] {
    heatmap_overlay(picture, {2, 2, {1, 2, 3}}, 6);
  });
  expect_error(ErrorKind::failure, {"0 x 0 cells"}, [&] { heatmap_overlay(picture, {}, 0); });
  expect_error(ErrorKind::failure, {"without pixels"}, [] { heatmap_overlay({}, {1, 1, {1}}, 1); });
}

}  // namespace
}  // namespace throng
