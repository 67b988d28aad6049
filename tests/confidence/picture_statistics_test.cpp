#include "confidence/picture_statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "core/draw.h"

namespace throng {
namespace {

using Colour = std::array<int, 3>;

Image painted(int width, int height, const std::function<Colour(int x, int y)>& colour_at) {
  Image image{width, height, std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width) * height)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Colour colour = colour_at(x, y);
      for (int c = 0; c < 3; ++c) image.pixel(x, y)[c] = static_cast<std::uint8_t>(colour[static_cast<std::size_t>(c)]);
    }
  }
  return image;
}

Image grey_picture(int width, int height, const std::function<int(int x, int y)>& grey_at) {
  return painted(width, height, [&](int x, int y) {
    const int grey = grey_at(x, y);
    return Colour{grey, grey, grey};
  });
}

std::vector<double> values_of(const Image& image, const std::string& name) {
  for (const FeatureGroup& group : picture_statistics(image)) {
    if (group.name == name) return group.values;
  }
  return {};
}

void expect_values(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-6) << "value " << i;
}

const double kNothing = std::log2(0.05), kThird = std::log2(1.0 / 3);

TEST(PictureStatistics, APlainPictureHasNoDetails) {
  const Image plain = grey_picture(40, 24, [](int, int) { return 128; });
  expect_values(values_of(plain, "sharpness"),
                {kNothing, kNothing, kNothing, kNothing, kNothing, kNothing, kThird, kThird});
  expect_values(values_of(plain, "light"), {4, 0, 4, 4, 0, 0});
  expect_values(values_of(plain, "colour"), {0, 1, 0, 0});
}

TEST(PictureStatistics, DetailsBelongToTheirOctave) {
  // A chequerboard of 100 and 110: diagonal differences of 5, energy 25.
  const Image board = grey_picture(64, 48, [](int x, int y) { return 100 + 10 * ((x + y) % 2); });
  const double energy = std::log2(25.05);
  expect_values(values_of(board, "sharpness"),
                {energy, kNothing, kNothing, kNothing, energy, kNothing, std::log2((25 + 0.05 / 3) / 25.05), kThird});
  // Stripes two pixels wide: one octave further down, and none of it diagonal.
  const Image stripes = grey_picture(64, 48, [](int x, int) { return 100 + 10 * (x / 2 % 2); });
  expect_values(values_of(stripes, "sharpness"),
                {kNothing, energy, kNothing, kNothing, kNothing, energy, kThird, std::log2(0.05 / 3 / 25.05)});
}

TEST(PictureStatistics, RepeatedPixelsShiftDetailsByAnOctave) {
  const Draw draw(1, "details");
  const auto grey = [&](int x, int y) {
    return static_cast<int>(draw.integer(static_cast<std::uint64_t>(64 * y + x), 256));
  };
  const std::vector<double> small = values_of(grey_picture(64, 64, grey), "sharpness");
  const std::vector<double> large =
      values_of(grey_picture(128, 128, [&](int x, int y) { return grey(x / 2, y / 2); }), "sharpness");
  EXPECT_NEAR(large[0], kNothing, 1e-9);
  for (std::size_t octave = 0; octave < 3; ++octave) EXPECT_NEAR(large[octave + 1], small[octave], 1e-5);
  // White noise: of its variance 3/4 is in the first octave, a third of that diagonal, and a quarter remains.
  const double variance = (256.0 * 256 - 1) / 12;
  EXPECT_NEAR(small[0], std::log2(variance * 3 / 4), 0.1);
  EXPECT_NEAR(small[1], small[0] - 2, 0.15);
  EXPECT_NEAR(small[6], kThird, 0.1);
}

TEST(PictureStatistics, LightIsThatOfThePicture) {
  // A tenth black, a fifth white, the rest 100.
  const Image image = grey_picture(160, 16, [](int x, int) { return x < 16 ? 0 : x >= 128 ? 255 : 100; });
  const double mean = 0.2 * 255 + 0.7 * 100, squares = 0.2 * 255 * 255 + 0.7 * 100 * 100;
  expect_values(values_of(image, "light"), {mean / 32, std::sqrt(squares - mean * mean) / 16, 0, 255.0 / 32,
                                            4 * std::sqrt(0.1), 4 * std::sqrt(0.2)});
}

TEST(PictureStatistics, ColourIsThatOfThePicture) {
  // Grey levels (77 r + 150 g + 29 b) / 256: 60 for red, 22 for blue.
  const Image image = painted(64, 32, [](int x, int) { return x < 32 ? Colour{200, 0, 0} : Colour{0, 0, 200}; });
  const double blue_mean = (-60 + 178) / 2.0, blue_deviation = (178 + 60) / 2.0;
  const double red_mean = (140 - 22) / 2.0, red_deviation = (140 + 22) / 2.0;
  expect_values(values_of(image, "colour"),
                {std::log2((std::hypot(blue_mean, red_mean) + 1) / (std::hypot(blue_deviation, red_deviation) + 1)),
                 std::log2(202), std::log2(blue_deviation + 1), std::log2(red_deviation + 1)});
}

TEST(PictureStatistics, AreThoseOfAPartOfALargePicture) {
  const Draw draw(2, "grain");
  const auto grey = [&](int x, int y) {
    return 100 + static_cast<int>(draw.integer(static_cast<std::uint64_t>(4096 * y + x), 50));
  };
  const Image large = grey_picture(1500, 1100, grey), small = grey_picture(300, 220, grey);
  const PictureFeatures features = picture_statistics(large), same = picture_statistics(small);
  for (std::size_t group = 0; group < features.size(); ++group) {
    for (std::size_t i = 0; i < features[group].values.size(); ++i) {
      EXPECT_NEAR(features[group].values[i], same[group].values[i], 0.15) << features[group].name << " " << i;
    }
  }
}

TEST(PictureStatistics, AnySizeHasThem) {
  for (const auto& [width, height] : {std::pair(1, 1), std::pair(3, 7), std::pair(1, 40000), std::pair(17, 16)}) {
    for (const FeatureGroup& group :
         picture_statistics(grey_picture(width, height, [](int x, int y) { return (x + 3 * y) % 256; }))) {
      for (const double value : group.values) EXPECT_TRUE(std::isfinite(value)) << width << " x " << height;
    }
  }
}

}  // namespace
}  // namespace throng
