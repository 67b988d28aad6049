#include "data/alter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "data/scene_picture.h"
#include "expect_error.h"
#include "image/draw.h"

namespace throng {
namespace {

double mean_of(const Image& image) {
  return std::accumulate(image.rgb.begin(), image.rgb.end(), 0.0) / static_cast<double>(image.rgb.size());
}

double mean_channel(const Image& image, std::size_t channel) {
  double sum = 0;
  for (std::size_t i = channel; i < image.rgb.size(); i += 3) sum += image.rgb[i];
  return sum / static_cast<double>(image.rgb.size() / 3);
}

TEST(Alter, ResizingAveragesAreas) {
  Image image = filled_image(4, 2, {});
  const std::uint8_t greys[] = {10, 20, 100, 200, 30, 40, 50, 250};
  for (int i = 0; i < 8; ++i) fill_rectangle(image, i % 4, i / 4, 1, 1, {greys[i], greys[i], greys[i]});
  const Image half = alter_image(image, {.resize = 0.5}, "x");
  ASSERT_EQ(half.width, 2);
  ASSERT_EQ(half.height, 1);
  EXPECT_EQ(half.pixel(0, 0)[0], 25);   // (10 + 20 + 30 + 40) / 4
  EXPECT_EQ(half.pixel(1, 0)[0], 150);  // (100 + 200 + 50 + 250) / 4
  const Image tiny = alter_image(image, {.resize = 0.01}, "x");
  EXPECT_EQ(tiny.width, 1);
  EXPECT_EQ(tiny.height, 1);
}

TEST(Alter, AnnotationsScaleWithTheRoundedSides) {
  ManifestEntry entry{"a.png", 101, 50, {{0, 0}, {50.5, 25}, {-3, 60}}, "test", ""};
  resize_annotations(entry, 51, 25);  // 0.5 of 101 rounds to 51
  EXPECT_EQ(entry.width, 51);
  EXPECT_EQ(entry.height, 25);
  EXPECT_EQ(entry.points[0], (Point{0, 0}));
  EXPECT_DOUBLE_EQ(entry.points[1].x, 25.5);
  EXPECT_DOUBLE_EQ(entry.points[1].y, 12.5);
  EXPECT_DOUBLE_EQ(entry.points[2].x, -3 * 51.0 / 101);
  EXPECT_DOUBLE_EQ(entry.points[2].y, 30);
}

TEST(Alter, GreyIsTheLuma) {
  const Image grey = alter_image(filled_image(5, 4, {200, 100, 50}), {.grey = true}, "x");
  EXPECT_EQ(grey.pixel(2, 2)[0], 124);  // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
  EXPECT_EQ(grey.pixel(2, 2)[1], 124);
  EXPECT_EQ(grey.pixel(2, 2)[2], 124);
}

TEST(Alter, BlurKeepsTheMean) {
  const Image picture = scene_picture(1);
  EXPECT_NEAR(mean_of(alter_image(picture, {.blur = 3}, "x")), mean_of(picture), 0.2);
}

TEST(Alter, NightIsDarkWarmAndNoisy) {
  const Image night = alter_image(filled_image(100, 80, {128, 128, 128}), {.night = true}, "x");
  // 255 * (128 / 255)^1.8 = 73.7, of which lamps give 0.6, 0.5 and 0.36.
  EXPECT_NEAR(mean_channel(night, 0), 44.2, 0.7);
  EXPECT_NEAR(mean_channel(night, 1), 36.9, 0.7);
  EXPECT_NEAR(mean_channel(night, 2), 26.5, 0.7);
  EXPECT_LT(mean_of(alter_image(scene_picture(2), {.night = true}, "x")), 0.6 * mean_of(scene_picture(2)));
}

TEST(Alter, OldPicturesAreBrownAndPale) {
  const Image old = alter_image(scene_picture(3), {.old = true}, "x");
  EXPECT_GT(mean_channel(old, 0), mean_channel(old, 1));
  EXPECT_GT(mean_channel(old, 1), mean_channel(old, 2));
  // In the middle, where nothing is darker, white becomes 45 + 170; in the corners 0.7 of that.
  const Image white = alter_image(filled_image(201, 201, {255, 255, 255}), {.old = true}, "x");
  EXPECT_NEAR(mean_channel(crop_image(white, 90, 90, 21, 21), 0), 215, 2);
  EXPECT_NEAR(mean_channel(crop_image(white, 0, 0, 15, 15), 0), 0.7 * 215, 12);
  const Image grey = alter_image(scene_picture(3), {.old = true, .grey = true}, "x");
  EXPECT_EQ(grey.pixel(9, 9)[0], grey.pixel(9, 9)[2]);
}

TEST(Alter, NoiseHasTheDeviationAskedFor) {
  const Image noisy = alter_image(filled_image(200, 150, {128, 128, 128}), {.noise = 10}, "x");
  double squares = 0;
  double neighbours = 0;
  for (std::size_t i = 0; i < noisy.rgb.size(); ++i) {
    squares += (noisy.rgb[i] - 128.0) * (noisy.rgb[i] - 128.0);
    if (i > 0) neighbours += (noisy.rgb[i] - 128.0) * (noisy.rgb[i - 1] - 128.0);
  }
  const auto values = static_cast<double>(noisy.rgb.size());
  EXPECT_NEAR(mean_of(noisy), 128, 0.15);
  EXPECT_NEAR(std::sqrt(squares / values), 10, 0.15);
  EXPECT_NEAR(neighbours / squares, 0, 0.02);
}

TEST(Alter, TheSameNameGetsTheSameNoiseAndAnotherAnother) {
  const Image picture = scene_picture(4);
  const Alteration all{.resize = 0.7, .blur = 0.5, .night = true, .old = true, .grey = false, .noise = 5};
  EXPECT_EQ(alter_image(picture, all, "a.png").rgb, alter_image(picture, all, "a.png").rgb);
  EXPECT_NE(alter_image(picture, all, "a.png").rgb, alter_image(picture, all, "b.png").rgb);
  EXPECT_EQ(alter_image(picture, {}, "a.png").rgb, picture.rgb);
}

TEST(Alter, SaysWhatItDoesAndRefusesWhatItCannot) {
  EXPECT_EQ(describe({}), "nothing");
  EXPECT_EQ(describe({.resize = 0.25, .blur = 1.5, .night = true, .old = true, .grey = true, .noise = 3, .jpeg = 20}),
            "resize 0.25, blur 1.5, night, old, grey, noise 3, jpeg 20");
  expect_error(ErrorKind::usage, {"resize 0", "0.01"}, [] { validate({.resize = 0}); });
  expect_error(ErrorKind::usage, {"resize nan"}, [] { validate({.resize = std::nan("")}); });
  expect_error(ErrorKind::usage, {"blur -1"}, [] { validate({.blur = -1}); });
  expect_error(ErrorKind::usage, {"noise 500"}, [] { validate({.noise = 500}); });
  expect_error(ErrorKind::usage, {"jpeg 101"}, [] { validate({.jpeg = 101}); });
  expect_error(ErrorKind::input, {"big.png", "16000x16000"},
               [] { alter_image(filled_image(1000, 1000, {}), {.resize = 16}, "big.png"); });
}

}  // namespace
}  // namespace throng
