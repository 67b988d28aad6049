#include "image/jpeg.h"

#include "expect_error.h"
#include "image/sample_pictures.h"

namespace throng {
namespace {

/// Flat 8x8 blocks in one row, a pixel value each.
JpegRecipe blocks(int channels, const std::vector<Bytes>& values) {
  JpegRecipe recipe{.width = 8 * static_cast<int>(values.size()), .height = 8, .channels = channels};
  for (int y = 0; y < 8; ++y) {
    for (const Bytes& value : values) {
      for (int x = 0; x < 8; ++x) recipe.samples = std::move(recipe.samples) + value;
    }
  }
  return recipe;
}

/// The colours in the middle of the blocks.
void expect_blocks(const Image& image, const std::vector<std::vector<int>>& colours, int tolerance = 2) {
  ASSERT_EQ(image.width, 8 * static_cast<int>(colours.size()));
  ASSERT_EQ(image.height, 8);
  for (std::size_t i = 0; i < colours.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(image.pixel(static_cast<int>(8 * i + 4), 4)[c], colours[i][c], tolerance) << "block " << i;
    }
  }
}

const std::vector<Bytes> kColours = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {200, 120, 40}};
const std::vector<std::vector<int>> kColoursExpected = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {200, 120, 40}};

TEST(Jpeg, DecodesColourBaselineAndProgressive) {
  JpegRecipe recipe = blocks(3, kColours);
  expect_blocks(decode_image(make_jpeg(recipe), "a.jpg"), kColoursExpected);
  recipe.progressive = true;
  expect_blocks(decode_image(make_jpeg(recipe), "a.jpg"), kColoursExpected);
}

TEST(Jpeg, DecodesColoursThatAreStoredAsRgb) {
  JpegRecipe recipe = blocks(3, kColours);
  recipe.rgb_stored = true;
  expect_blocks(decode_image(make_jpeg(recipe), "a.jpg"), kColoursExpected);
}

TEST(Jpeg, RepeatsGrey) {
  expect_blocks(decode_image(make_jpeg(blocks(1, {{0}, {77}, {255}})), "a.jpg"),
                {{0, 0, 0}, {77, 77, 77}, {255, 255, 255}});
}

// Inverted inks: 255 = none. Red, a green half covered by black, white, and black by ink alone.
const std::vector<Bytes> kAdobeInks = {{255, 0, 0, 255}, {0, 255, 0, 128}, {255, 255, 255, 255}, {255, 255, 255, 0}};
const std::vector<std::vector<int>> kInkColours = {{255, 0, 0}, {0, 128, 0}, {255, 255, 255}, {0, 0, 0}};

TEST(Jpeg, DecodesInvertedCmykOfAdobe) {
  expect_blocks(decode_image(make_jpeg(blocks(4, kAdobeInks)), "a.jpg"), kInkColours);
}

TEST(Jpeg, DecodesInvertedYcckOfAdobe) {
  JpegRecipe recipe = blocks(4, kAdobeInks);
  recipe.ycck = true;
  expect_blocks(decode_image(make_jpeg(recipe), "a.jpg"), kInkColours, 3);
}

TEST(Jpeg, DecodesPlainCmykWithoutAdobesMarker) {
  JpegRecipe recipe = blocks(4, kAdobeInks);
  for (std::uint8_t& sample : recipe.samples) sample = static_cast<std::uint8_t>(255 - sample);
  recipe.adobe_marker = false;
  expect_blocks(decode_image(make_jpeg(recipe), "a.jpg"), kInkColours);
}

TEST(Jpeg, DecodesOnePixel) {
  const Image image = decode_image(make_jpeg({.width = 1, .height = 1, .samples = {9, 200, 90}}), "dot.jpg");
  ASSERT_EQ(image.rgb.size(), 3u);
  EXPECT_NEAR(image.rgb[1], 200, 2);
}

TEST(Jpeg, EveryShorterFileIsAnError) {
  for (const bool progressive : {false, true}) {
    const Image picture = noisy_picture(40, 24);
    JpegRecipe recipe{.width = 40, .height = 24, .samples = picture.rgb, .progressive = progressive};
    const Bytes whole = make_jpeg(recipe);
    ASSERT_EQ(decode_image(whole, "whole.jpg").rgb.size(), picture.rgb.size());
    for (std::size_t size = 3; size < whole.size(); ++size) {
      expect_error(ErrorKind::input, {"cut.jpg", "JPEG"},
                   [&] { decode_image(std::span(whole).first(size), "cut.jpg"); });
    }
    for (const std::size_t missing : {std::size_t{1}, std::size_t{2}, whole.size() / 4}) {
      expect_error(ErrorKind::input, {"cut.jpg ends early", "again"},
                   [&] { decode_image(std::span(whole).first(whole.size() - missing), "cut.jpg"); });
    }
  }
}

std::size_t find(const Bytes& bytes, const Bytes& pattern) {
  return static_cast<std::size_t>(std::ranges::search(bytes, pattern).begin() - bytes.begin());
}

/// Where the frame header's precision byte lies; height and width follow.
std::size_t frame_header(const Bytes& jpeg) { return find(jpeg, {0xFF, 0xC0}) + 4; }

TEST(Jpeg, AnEndMarkerBeforeTheLastRowIsAnError) {
  const Image picture = noisy_picture(64, 64);
  Bytes bytes = make_jpeg({.width = 64, .height = 64, .samples = picture.rgb});
  bytes.resize(bytes.size() / 2);
  bytes = bytes + Bytes{0xFF, 0xD9};
  expect_error(ErrorKind::input, {"half.jpg ends early"}, [&] { decode_image(bytes, "half.jpg"); });
}

TEST(Jpeg, AHeaderThatPromisesMoreRowsThanThereAreIsAnError) {
  const Image picture = noisy_picture(64, 64);
  Bytes bytes = make_jpeg({.width = 64, .height = 64, .samples = picture.rgb});
  bytes[frame_header(bytes) + 1] = 8;  // 8 * 256 + 64 rows
  expect_error(ErrorKind::input, {"tall.jpg ends early"}, [&] { decode_image(bytes, "tall.jpg"); });
}

TEST(Jpeg, ZeroSizeIsAnError) {
  Bytes bytes = make_jpeg(blocks(3, {{1, 2, 3}}));
  bytes[frame_header(bytes) + 4] = 0;
  expect_error(ErrorKind::input, {"zero.jpg is a damaged JPEG"}, [&] { decode_image(bytes, "zero.jpg"); });
}

TEST(Jpeg, TheLimitIsCheckedAgainstTheHeader) {
  Bytes bytes = make_jpeg(blocks(3, {{1, 2, 3}}));
  const std::size_t at = frame_header(bytes);
  for (std::size_t i = 1; i <= 4; ++i) bytes[at + i] = 0xF0;  // 61680 x 61680
  expect_error(ErrorKind::input, {"vast.jpg is 61680 x 61680 = 3804422400 pixels", "200000000", "Shrink"},
               [&] { decode_image(bytes, "vast.jpg"); });
}

TEST(Jpeg, DamageThatLibjpegOnlyWarnsAboutIsAnError) {
  const Image picture = noisy_picture(64, 64);
  // Progressive, because libjpeg-turbo's fast path for baseline files does not look at every code. FF 00 stands for
  // eight ones, and no Huffman code consists of ones only.
  Bytes bytes = make_jpeg({.width = 64, .height = 64, .samples = picture.rgb, .progressive = true});
  for (std::size_t i = 0; i < 40; ++i) bytes[bytes.size() / 2 + i] = i % 2 ? 0x00 : 0xFF;
  expect_error(ErrorKind::input, {"bad.jpg is a damaged JPEG: Corrupt JPEG data"},
               [&] { decode_image(bytes, "bad.jpg"); });
}

TEST(Jpeg, StrayBytesBetweenMarkersAndBehindTheEndAreHarmless) {
  Bytes bytes = make_jpeg(blocks(3, kColours));
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(find(bytes, {0xFF, 0xDB})), {0x00, 0x11, 0x22});
  expect_blocks(decode_image(bytes + Bytes(1000, 0xAB), "a.jpg"), kColoursExpected);
}

TEST(Jpeg, UnusualKindsAreNamed) {
  const Bytes bytes = make_jpeg(blocks(3, {{1, 2, 3}}));
  Bytes deep = bytes;
  deep[frame_header(bytes)] = 12;
  expect_error(ErrorKind::input, {"more than 8 bits", "Convert it"}, [&] { decode_image(deep, "deep.jpg"); });
  Bytes lossless = bytes;
  lossless[frame_header(bytes) - 3] = 0xC3;
  expect_error(ErrorKind::input, {"lossless", "Convert it"}, [&] { decode_image(lossless, "lossless.jpg"); });
  expect_error(ErrorKind::input, {"2 colour components", "Convert it"}, [&] {
    decode_image(make_jpeg(blocks(2, {{1, 2}})), "two.jpg");
  });
}

TEST(Jpeg, ThousandsOfScansAreRefused) {
  JpegRecipe recipe = blocks(3, kColours);
  recipe.progressive = true;
  recipe.scans_per_coefficient = 2;  // 3 + 2 * 63 * 3 = 381 scans
  expect_blocks(decode_image(make_jpeg(recipe), "many.jpg"), kColoursExpected);
  recipe.scans_per_coefficient = 8;  // 1515 scans
  expect_error(ErrorKind::input, {"more than 500 scans"}, [&] { decode_image(make_jpeg(recipe), "hostile.jpg"); });
}

}  // namespace
}  // namespace throng
