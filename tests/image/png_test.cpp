#include "image/png.h"

#include <cstring>

#include "expect_error.h"
#include "image/sample_pictures.h"

namespace throng {
namespace {

using testing::ElementsAre;

Bytes decoded(const PngRecipe& recipe) { return decode_image(make_png(recipe), "a.png").rgb; }

TEST(Png, DecodesRgb) {
  const Image image = decode_image(make_png({.width = 2, .height = 1, .samples = {1, 2, 3, 250, 251, 252}}), "a.png");
  EXPECT_EQ(image.width, 2);
  EXPECT_EQ(image.height, 1);
  EXPECT_THAT(image.rgb, ElementsAre(1, 2, 3, 250, 251, 252));
}

TEST(Png, DecodesInterlaced) {
  const Image picture = noisy_picture(13, 11);
  EXPECT_EQ(decoded({.width = 13, .height = 11, .samples = picture.rgb, .interlaced = true}), picture.rgb);
}

TEST(Png, ComposesAlphaOntoWhite) {
  // alpha 0: white; 255: itself; 51 = 1/5: 0.2 * 100 + 0.8 * 255 = 224
  const PngRecipe recipe{
      .width = 3, .height = 1, .colour_type = 6, .samples = {9, 9, 9, 0, 10, 20, 30, 255, 100, 0, 255, 51}};
  EXPECT_THAT(decoded(recipe), ElementsAre(255, 255, 255, 10, 20, 30, 224, 204, 255));
}

TEST(Png, ComposesInterlacedAlpha) {
  PngRecipe recipe{.width = 9, .height = 9, .colour_type = 4, .interlaced = true};
  Bytes expected;
  for (int i = 0; i < 81; ++i) {
    recipe.samples =
        recipe.samples + Bytes{static_cast<std::uint8_t>(3 * i), static_cast<std::uint8_t>(i % 2 ? 255 : 0)};
    expected = expected + Bytes(3, static_cast<std::uint8_t>(i % 2 ? 3 * i : 255));
  }
  EXPECT_EQ(decoded(recipe), expected);
}

TEST(Png, TakesTheUpperHalfOfSixteenBits) {
  const std::uint16_t samples[] = {0x1234, 0xABCD, 0xFFFF};
  PngRecipe recipe{.width = 1, .height = 1, .depth = 16};
  recipe.samples.resize(sizeof samples);
  std::memcpy(recipe.samples.data(), samples, sizeof samples);
  EXPECT_THAT(decoded(recipe), ElementsAre(0x12, 0xAB, 0xFF));
}

TEST(Png, DecodesSixteenBitGreyWithAlpha) {
  const std::uint16_t samples[] = {0x8000, 0xFFFF, 0x8000, 0x0000};
  PngRecipe recipe{.width = 2, .height = 1, .colour_type = 4, .depth = 16};
  recipe.samples.resize(sizeof samples);
  std::memcpy(recipe.samples.data(), samples, sizeof samples);
  EXPECT_THAT(decoded(recipe), ElementsAre(128, 128, 128, 255, 255, 255));
}

TEST(Png, SpreadsGreyBelowEightBits) {
  // 1 bit: 1 0 1; 2 bits: 0 1 2 3 = 0 85 170 255; 4 bits: 1 and 15 = 17 and 255
  EXPECT_THAT(decoded({.width = 3, .height = 1, .colour_type = 0, .depth = 1, .samples = {0b10100000}}),
              ElementsAre(255, 255, 255, 0, 0, 0, 255, 255, 255));
  EXPECT_THAT(decoded({.width = 4, .height = 1, .colour_type = 0, .depth = 2, .samples = {0b00011011}}),
              ElementsAre(0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255));
  EXPECT_THAT(decoded({.width = 2, .height = 1, .colour_type = 0, .depth = 4, .samples = {0x1F}}),
              ElementsAre(17, 17, 17, 255, 255, 255));
}

TEST(Png, LooksUpThePalette) {
  EXPECT_THAT(decoded({.width = 3,
                       .height = 1,
                       .colour_type = 3,
                       .depth = 2,
                       .samples = {0b10000100},
                       .palette = {{1, 2, 3}, {40, 50, 60}, {255, 0, 7}}}),
              ElementsAre(255, 0, 7, 1, 2, 3, 40, 50, 60));
}

TEST(Png, LooksUpThePalettesAlpha) {
  EXPECT_THAT(decoded({.width = 3,
                       .height = 1,
                       .colour_type = 3,
                       .samples = {0, 1, 2},
                       .palette = {{1, 2, 3}, {100, 0, 255}, {9, 8, 7}},
                       .palette_alpha = {0, 51}}),
              ElementsAre(255, 255, 255, 224, 204, 255, 9, 8, 7));
}

TEST(Png, MakesTheTransparentColourWhite) {
  EXPECT_THAT(decoded({.width = 2, .height = 1, .colour_type = 0, .samples = {7, 8}, .transparent = {7}}),
              ElementsAre(255, 255, 255, 8, 8, 8));
  EXPECT_THAT(decoded({.width = 2, .height = 1, .samples = {1, 2, 3, 1, 2, 4}, .transparent = {1, 2, 3}}),
              ElementsAre(255, 255, 255, 1, 2, 4));
}

TEST(Png, EveryShorterFileIsAnErrorOrStillWhole) {
  const Image picture = noisy_picture(20, 12);
  for (const bool interlaced : {false, true}) {
    const Bytes whole = make_png({.width = 20, .height = 12, .samples = picture.rgb, .interlaced = interlaced});
    const std::size_t end_chunk = 12;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      try {
        EXPECT_EQ(decode_image(std::span(whole).first(size), "cut.png").rgb, picture.rgb);
        EXPECT_GE(size, whole.size() - end_chunk - 8) << "pixels were cut off";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
      }
    }
    expect_error(ErrorKind::input, {"cut.png ends early"},
                 [&] { decode_image(std::span(whole).first(whole.size() / 2), "cut.png"); });
  }
}

TEST(Png, LyingHeadersAreErrors) {
  const Bytes pixels = [] {
    const Bytes whole = make_png({.width = 2, .height = 2, .samples = Bytes(12, 5)});
    return Bytes(whole.begin() + 33, whole.end());
  }();
  const auto decode = [&](std::uint32_t width, std::uint32_t height) {
    decode_image(kPngSignature + png_chunk("IHDR", png_header(width, height)) + pixels, "lie.png");
  };
  EXPECT_NO_THROW(decode(2, 2));
  expect_error(ErrorKind::input, {"lie.png", "PNG"}, [&] { decode(3000, 2000); });
  expect_error(ErrorKind::input, {"lie.png", "one side is 0 pixels"}, [&] { decode(0, 2); });
  expect_error(ErrorKind::input, {"lie.png", "one side is 4294967295 pixels"}, [&] { decode(2, 0xFFFFFFFF); });
  expect_error(ErrorKind::input, {"2147483647 x 2147483647", "limit"}, [&] { decode(0x7FFFFFFF, 0x7FFFFFFF); });
  expect_error(ErrorKind::input, {"20000 x 20000 = 400000000 pixels", "limit"}, [&] { decode(20000, 20000); });
}

TEST(Png, ADamagedChecksumIsAnError) {
  Bytes bytes = make_png({.width = 20, .height = 12, .samples = noisy_picture(20, 12).rgb});
  bytes[bytes.size() - 20] ^= 1;
  expect_error(ErrorKind::input, {"bad.png is a damaged PNG"}, [&] { decode_image(bytes, "bad.png"); });
}

TEST(Png, AFileThatBeginsWithAnotherChunkIsAnError) {
  const Bytes bytes = kPngSignature + png_chunk("tEXt", bytes_of("a comment, long enough")) + png_chunk("IEND", {});
  expect_error(ErrorKind::input, {"does not begin with a header"}, [&] { decode_image(bytes, "odd.png"); });
}

TEST(Png, BytesBehindTheEndAreHarmless) {
  const Bytes bytes = make_png({.width = 1, .height = 1, .samples = {4, 5, 6}});
  EXPECT_THAT(decode_image(bytes + Bytes(100, 0xEE), "a.png").rgb, ElementsAre(4, 5, 6));
}

}  // namespace
}  // namespace throng
