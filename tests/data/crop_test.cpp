#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>
#include <iostream>
#include <numeric>
#include <set>

#include "data/folder.h"
#include "data/sample.h"
#include "image/draw.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::HasSubstr;

/// A picture whose pixels name their place: red = x, green = y (mod 256), blue = a checker of both.
LabelledImage picture(int width, int height, std::vector<Point> points = {}) {
  auto image = std::make_shared<Image>(filled_image(width, height, {}));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = image->pixel(x, y);
      pixel[0] = static_cast<std::uint8_t>(x);
      pixel[1] = static_cast<std::uint8_t>(y);
      pixel[2] = static_cast<std::uint8_t>((x / 256) * 16 + y / 256);
    }
  }
  return {image, std::move(points)};
}

std::vector<Point> crowd(int width, int height, int step = 9) {
  std::vector<Point> points;
  for (int y = 3; y < height; y += step) {
    for (int x = 5; x < width; x += step) points.push_back({x + (y % 7) / 7.0, y + (x % 5) / 5.0});
  }
  return points;
}

AugmentConfig plain(std::int64_t crop) {
  AugmentConfig config;
  config.crop = crop;
  config.flip = 0;
  return config;
}

struct Place {
  int x;
  int y;
  bool operator==(const Place&) const = default;
};

/// Where an unscaled, unflipped crop of picture() was cut.
Place place_of(const Crop& crop) {
  return {crop.rgb[0] + 256 * (crop.rgb[2] / 16), crop.rgb[1] + 256 * (crop.rgb[2] % 16)};
}

/// The truth maps, computed the slow way from a whole density map.
void expect_maps(const Crop& crop, const std::vector<float>& whole, int width, int height, Place place, int size) {
  const int cells = size / 4;
  for (int v = 0; v < cells; ++v) {
    for (int u = 0; u < cells; ++u) {
      double sum = 0;
      double squares = 0;
      int above = 0;
      for (int y = place.y + 4 * v; y < place.y + 4 * v + 4; ++y) {
        for (int x = place.x + 4 * u; x < place.x + 4 * u + 4; ++x) {
          if (x >= width || y >= height) continue;
          const double g = whole[static_cast<std::size_t>(y * width + x)];
          sum += g;
          squares += g * g;
          above += g > 1e-5;
        }
      }
      const auto cell = static_cast<std::size_t>(v * cells + u);
      ASSERT_FLOAT_EQ(crop.density[cell], static_cast<float>(sum)) << u << "," << v;
      ASSERT_FLOAT_EQ(crop.density_squared[cell], static_cast<float>(squares)) << u << "," << v;
      ASSERT_EQ(crop.foreground[cell], static_cast<float>(above) / 16) << u << "," << v;
    }
  }
}

TEST(MakeCrop, ShowsAWindowOfThePictureWithItsTruth) {
  const int width = 300;
  const int height = 260;
  const auto labelled = picture(width, height, crowd(width, height));
  const auto whole = density_map(labelled.points, width, height);
  for (std::uint64_t id = 0; id < 20; ++id) {
    const Crop crop = make_crop(labelled, plain(64), {}, 1, 0, id);
    const Place place = place_of(crop);
    ASSERT_LE(place.x + 64, width);
    ASSERT_LE(place.y + 64, height);
    EXPECT_EQ(crop.valid_width, 64);
    EXPECT_EQ(crop.valid_height, 64);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) {
        const std::uint8_t* expected = labelled.image->pixel(place.x + x, place.y + y);
        ASSERT_EQ(crop.rgb[static_cast<std::size_t>(3 * (64 * y + x))], expected[0]);
        ASSERT_EQ(crop.rgb[static_cast<std::size_t>(3 * (64 * y + x) + 1)], expected[1]);
      }
    }
    expect_maps(crop, whole, width, height, place, 64);
    std::vector<Point> inside;
    for (const Point& point : labelled.points) {
      const Point moved{point.x - place.x, point.y - place.y};
      if (moved.x >= 0 && moved.x < 64 && moved.y >= 0 && moved.y < 64) inside.push_back(moved);
    }
    EXPECT_EQ(crop.points, inside);
    EXPECT_GT(inside.size(), 0U);
  }
}

TEST(MakeCrop, EveryPlaceIsReachedAndNoneBeyond) {
  const auto labelled = picture(18, 17);
  std::set<std::pair<int, int>> places;
  for (std::uint64_t id = 0; id < 300; ++id) {
    const Place place = place_of(make_crop(labelled, plain(16), {}, 1, 0, id));
    places.insert({place.x, place.y});
  }
  EXPECT_EQ(places.size(), 6U);  // 3 columns x 2 rows
}

TEST(MakeCrop, SmallPictureFillsTheTopLeftCorner) {
  const auto labelled = picture(30, 21, {{3, 4}, {29.5, 20.5}, {40, 40}, {-2, 5}});
  const Crop crop = make_crop(labelled, plain(64), {}, 1, 0, 0);
  EXPECT_EQ(crop.valid_width, 30);
  EXPECT_EQ(crop.valid_height, 21);
  EXPECT_EQ(crop.points, (std::vector<Point>{{3, 4}, {29.5, 20.5}}));
  expect_maps(crop, density_map(labelled.points, 30, 21), 30, 21, {0, 0}, 64);
  EXPECT_NEAR(std::accumulate(crop.density.begin(), crop.density.end(), 0.0), 4.0, 1e-5);
  EXPECT_EQ(crop.rgb[3 * 29], 29);
  EXPECT_EQ(crop.rgb[3 * 30], 0);
  EXPECT_TRUE(
      std::all_of(crop.rgb.begin() + 3 * 64 * 21, crop.rgb.end(), [](std::uint8_t value) { return value == 0; }));
}

TEST(MakeCrop, WorksOnOnePixel) {
  const Crop crop = make_crop(picture(1, 1, {{0, 0}}), plain(16), {}, 1, 0, 0);
  EXPECT_EQ(crop.valid_width, 1);
  EXPECT_NEAR(crop.density[0], 1.0, 1e-6);
  EXPECT_FLOAT_EQ(crop.foreground[0], 1.0F / 16);
}

TEST(MakeCrop, FlipMirrorsPicturePointsAndMaps) {
  for (const int width : {200, 37}) {  // a window of it, and a small picture whose width is no multiple of 4
    const auto labelled = picture(width, 90, crowd(width, 90));
    AugmentConfig flipped = plain(64);
    flipped.flip = 1;
    const auto whole = density_map(labelled.points, width, 90);
    const Crop straight = make_crop(labelled, plain(64), {}, 1, 0, 3);
    const Crop mirrored = make_crop(labelled, flipped, {}, 1, 0, 3);
    const int valid = straight.valid_width;
    ASSERT_EQ(mirrored.valid_width, valid);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < valid; ++x) {
        for (int c = 0; c < 3; ++c) {
          ASSERT_EQ(mirrored.rgb[static_cast<std::size_t>(3 * (64 * y + x) + c)],
                    straight.rgb[static_cast<std::size_t>(3 * (64 * y + valid - 1 - x) + c)]);
        }
      }
    }
    // The maps are those of the mirrored whole map.
    std::vector<float> mirrored_map(whole.size());
    const Place place = place_of(straight);
    for (int y = 0; y < 90; ++y) {
      for (int x = 0; x < width; ++x) {
        mirrored_map[static_cast<std::size_t>(y * width + x)] =
            whole[static_cast<std::size_t>(y * width + width - 1 - x)];
      }
    }
    expect_maps(mirrored, mirrored_map, width, 90, {width - valid - place.x, place.y}, 64);
    ASSERT_EQ(mirrored.points.size(), straight.points.size());
    for (std::size_t i = 0; i < straight.points.size(); ++i) {
      EXPECT_EQ(std::floor(mirrored.points[i].x), valid - 1 - std::floor(straight.points[i].x));
      EXPECT_EQ(mirrored.points[i].y, straight.points[i].y);
      EXPECT_NEAR(mirrored.points[i].x, valid - straight.points[i].x, 1.0);
    }
  }
}

TEST(MakeCrop, FlippedPointsGiveTheFlippedDensity) {
  // For heads away from the border the density of the mirrored annotation is the mirrored density, one column being the
  // convention's shift: column floor(x) - 1.
  const int width = 80;
  const std::vector<Point> points = {{20.5, 30}, {33.25, 41.5}, {50, 22}};
  AugmentConfig flipped = plain(80);
  flipped.flip = 1;
  const Crop crop = make_crop(picture(width, 80, points), flipped, {}, 1, 0, 0);
  std::vector<Point> shifted = crop.points;
  for (Point& point : shifted) point.x += 2;
  expect_maps(crop, density_map(shifted, width, 80), width, 80, {0, 0}, 80);
}

TEST(MakeCrop, ScaleResizesPictureAndPointsAlike) {
  // A light square around the one head; wherever the crop lies, the head must stay in its middle.
  auto image = std::make_shared<Image>(filled_image(300, 300, {10, 10, 10}));
  fill_rectangle(*image, 140, 140, 20, 20, {250, 250, 250});
  const LabelledImage labelled{image, {{150, 150}}};
  AugmentConfig config = plain(160);
  config.scale_low = 0.6;
  config.scale_high = 1.7;
  double smallest = 1e9;
  double largest = 0;
  for (std::uint64_t id = 0; id < 60; ++id) {
    const Crop crop = make_crop(labelled, config, {}, 1, 0, id);
    double mass = 0;
    double x_mean = 0;
    double y_mean = 0;
    for (int y = 0; y < 160; ++y) {
      for (int x = 0; x < 160; ++x) {
        const double light = crop.rgb[static_cast<std::size_t>(3 * (160 * y + x))] - 10.0;
        if (light <= 0) continue;
        mass += light / 240;
        x_mean += (x + 0.5) * light / 240;
        y_mean += (y + 0.5) * light / 240;
      }
    }
    const double side = std::sqrt(mass);
    if (crop.points.size() != 1) continue;
    const Point head = crop.points[0];
    if (head.x < side || head.x > 160 - side || head.y < side || head.y > 160 - side) continue;
    smallest = std::min(smallest, side);
    largest = std::max(largest, side);
    EXPECT_NEAR(x_mean / mass, head.x, 0.1);
    EXPECT_NEAR(y_mean / mass, head.y, 0.1);
    // sigma does not scale with the picture: the head's whole kernel lies inside the crop.
    EXPECT_NEAR(std::accumulate(crop.density.begin(), crop.density.end(), 0.0), 1.0, 1e-5);
  }
  EXPECT_LT(smallest, 15);
  EXPECT_GT(smallest, 20 * 0.6 - 0.5);
  EXPECT_GT(largest, 26);
  EXPECT_LT(largest, 20 * 1.7 + 0.5);
}

TEST(MakeCrop, ScaledPictureKeepsItsCount) {
  // The crop holds the whole scaled picture, so that everybody is counted, those outside the picture too.
  auto points = crowd(100, 80);
  points.push_back({150, 90});
  AugmentConfig config = plain(256);
  config.scale_low = config.scale_high = 1.37;
  const Crop crop = make_crop(picture(100, 80, points), config, {}, 1, 0, 0);
  EXPECT_EQ(crop.valid_width, 137);
  EXPECT_EQ(crop.valid_height, 110);
  EXPECT_NEAR(std::accumulate(crop.density.begin(), crop.density.end(), 0.0), static_cast<double>(points.size()), 1e-3);
}

TEST(MakeCrop, DependsOnSeedEpochAndDrawAlone) {
  const auto labelled = picture(300, 300, crowd(300, 300));
  AugmentConfig config;
  config.crop = 64;
  config.scale_low = 0.7;
  config.scale_high = 1.4;
  config.colour = 0.5;
  config.grey = 0.3;
  const Crop one = make_crop(labelled, config, {}, 7, 2, 5);
  const Crop same = make_crop(labelled, config, {}, 7, 2, 5);
  EXPECT_EQ(one.rgb, same.rgb);
  EXPECT_EQ(one.density, same.density);
  EXPECT_EQ(one.points, same.points);
  EXPECT_NE(one.rgb, make_crop(labelled, config, {}, 8, 2, 5).rgb);
  EXPECT_NE(one.rgb, make_crop(labelled, config, {}, 7, 3, 5).rgb);
  EXPECT_NE(one.rgb, make_crop(labelled, config, {}, 7, 2, 6).rgb);
}

TEST(MakeCrop, FlipsAsOftenAsAsked) {
  const auto labelled = picture(64, 64);
  AugmentConfig config = plain(64);
  config.flip = 0.3;
  int flipped = 0;
  for (std::uint64_t id = 0; id < 1000; ++id) flipped += make_crop(labelled, config, {}, 1, 0, id).rgb[0] == 63;
  EXPECT_NEAR(flipped, 300, 50);  // 3.5 standard deviations
}

TEST(MakeCrop, BlursAndAddsNoiseAsOftenAsAskedToPixelsAlone) {
  auto checkers = std::make_shared<Image>(filled_image(64, 64, {}));
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) *checkers->pixel(x, y) = (x + y) % 2 == 0 ? 255 : 0;
  }
  const LabelledImage labelled{checkers, crowd(64, 64)};
  const Crop clear = make_crop(labelled, plain(64), {}, 1, 0, 0);
  for (double AugmentConfig::*change : {&AugmentConfig::blur, &AugmentConfig::noise}) {
    AugmentConfig config = plain(64);
    config.*change = 0.4;
    int changed = 0;
    for (std::uint64_t id = 0; id < 500; ++id) {
      const Crop crop = make_crop(labelled, config, {}, 1, 0, id);
      changed += crop.rgb == clear.rgb ? 0 : 1;
      EXPECT_EQ(crop.density, clear.density);
      EXPECT_EQ(crop.points, clear.points);
    }
    EXPECT_NEAR(changed, 200, 39);  // 3.5 standard deviations
  }
}

TEST(MakeCrop, RefusesWhatMakesNoSense) {
  const auto labelled = picture(64, 64);
  EXPECT_THAT(message_of([&] { make_crop(labelled, plain(100), {}, 1, 0, 0); }), HasSubstr("multiple of 16"));
  AugmentConfig config = plain(64);
  config.scale_low = 2;
  EXPECT_THAT(message_of([&] { make_crop(labelled, config, {}, 1, 0, 0); }), HasSubstr("scale_low"));
}

TEST(MakeCrop, IsFastEnoughToFeedTraining) {
  const auto labelled = picture(1024, 768, crowd(1024, 768, 16));  // 3072 heads
  AugmentConfig config;
  config.crop = 256;
  config.scale_low = 0.5;
  config.scale_high = 2;
  config.colour = 0.5;
  constexpr int kCrops = 100;
  // Time of this process, so that a busy machine does not matter.
  const std::clock_t begin = std::clock();
  for (std::uint64_t id = 0; id < kCrops; ++id) make_crop(labelled, config, {}, 1, 0, id);
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::cout << "one crop of 256 takes " << 1e3 * seconds / kCrops << " ms\n";
  EXPECT_LT(seconds / kCrops, 0.25);  // about 0.002; far more under the sanitizers
}

}  // namespace
}  // namespace throng
