#include "image/webp.h"

#include "expect_error.h"
#include "image/sample_pictures.h"

namespace throng {
namespace {

using testing::ElementsAre;

constexpr int kAnimationFlag = 0x02;
constexpr int kExifFlag = 0x08;

TEST(Webp, DecodesLossless) {
  const Image picture = noisy_picture(17, 9);
  const Image decoded = decode_image(make_lossless_webp(17, 9, 3, picture.rgb), "a.webp");
  EXPECT_EQ(decoded.width, 17);
  EXPECT_EQ(decoded.height, 9);
  EXPECT_EQ(decoded.rgb, picture.rgb);
}

TEST(Webp, DecodesLossy) {
  Image picture{32, 16, Bytes(3 * 32 * 16)};
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    picture.rgb[i] = 200;
    picture.rgb[i + 1] = 100;
    picture.rgb[i + 2] = 50;
  }
  const Image decoded = decode_image(make_lossy_webp(picture, 95), "a.webp");
  ASSERT_EQ(decoded.width, 32);
  ASSERT_EQ(decoded.height, 16);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) ASSERT_NEAR(decoded.rgb[i], picture.rgb[i], 4);
}

TEST(Webp, ComposesAlphaOntoWhite) {
  const Bytes samples = {9, 9, 9, 0, 10, 20, 30, 255, 100, 0, 255, 51};
  EXPECT_THAT(decode_image(make_lossless_webp(3, 1, 4, samples), "a.webp").rgb,
              ElementsAre(255, 255, 255, 10, 20, 30, 224, 204, 255));
}

TEST(Webp, EveryShorterFileEndsEarly) {
  const Image picture = noisy_picture(40, 24);
  for (const Bytes& whole : {make_lossless_webp(40, 24, 3, picture.rgb), make_lossy_webp(picture, 80)}) {
    ASSERT_EQ(decode_image(whole, "whole.webp").width, 40);
    for (std::size_t size = 12; size + 1 < whole.size(); ++size) {
      expect_error(ErrorKind::input, {"cut.webp ends early"},
                   [&] { decode_image(std::span(whole).first(size), "cut.webp"); });
    }
  }
}

TEST(Webp, ALengthThatWasCutToFitDoesNotHideMissingPixels) {
  const Image picture = noisy_picture(40, 24);
  for (const Bytes& whole : {make_lossless_webp(40, 24, 3, picture.rgb), make_lossy_webp(picture, 80)}) {
    Bytes half(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2));
    const std::size_t riff = half.size() - 8;
    half[4] = static_cast<std::uint8_t>(riff);
    half[5] = static_cast<std::uint8_t>(riff >> 8);
    const std::size_t chunk = half.size() - 20;
    half[16] = static_cast<std::uint8_t>(chunk);
    half[17] = static_cast<std::uint8_t>(chunk >> 8);
    expect_error(ErrorKind::input, {"half.webp"}, [&] { decode_image(half, "half.webp"); });
  }
}

TEST(Webp, AnimationsAreRefusedWithARemedy) {
  const Bytes simple = make_lossless_webp(2, 2, 3, Bytes(12, 7));
  const Bytes bytes = extended_webp(simple, kAnimationFlag, 2, 2, {});
  expect_error(ErrorKind::input, {"film.webp is an animated WebP", "Convert it to JPEG or PNG"},
               [&] { decode_image(bytes, "film.webp"); });
}

TEST(Webp, ACanvasThatIsNotThePicturesSizeIsAnError) {
  const Bytes simple = make_lossless_webp(2, 2, 3, Bytes(12, 7));
  EXPECT_EQ(decode_image(extended_webp(simple, 0, 2, 2, {}), "a.webp").rgb, Bytes(12, 7));
  expect_error(ErrorKind::input, {"lie.webp"}, [&] { decode_image(extended_webp(simple, 0, 900, 2, {}), "lie.webp"); });
}

TEST(Webp, TheLimitIsCheckedAgainstTheHeader) {
  Bytes bytes = make_lossless_webp(2, 2, 3, Bytes(12, 7));
  for (std::size_t i = 21; i < 24; ++i) bytes[i] = 0xFF;  // 28 bits of sizes minus 1
  bytes[24] |= 0x0F;
  expect_error(ErrorKind::input, {"vast.webp is 16384 x 16384 = 268435456 pixels", "limit"},
               [&] { decode_image(bytes, "vast.webp"); });
}

TEST(Webp, ZeroSizeAndNoPictureAreErrors) {
  Bytes lossy = make_lossy_webp(noisy_picture(16, 16), 80);
  lossy[26] = lossy[27] = 0;  // after RIFF (12), the chunk's start (8), frame tag (3) and start code (3)
  expect_error(ErrorKind::input, {"0 pixels long"}, [&] { decode_image(lossy, "zero.webp"); });
  const Bytes none = riff_chunk("RIFF", bytes_of("WEBP") + riff_chunk("EXIF", exif_tiff(6)));
  expect_error(ErrorKind::input, {"no picture in it"}, [&] { decode_image(none, "none.webp"); });
}

TEST(Webp, BytesBehindTheEndAreHarmless) {
  const Bytes bytes = make_lossless_webp(2, 2, 3, Bytes(12, 7));
  EXPECT_EQ(decode_image(bytes + Bytes(100, 0xEE), "a.webp").rgb, Bytes(12, 7));
}

TEST(Webp, ReadsTheOrientationBehindThePixels) {
  const Bytes samples = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6};  // 12 / 34 / 56
  const Bytes simple = make_lossless_webp(2, 3, 3, samples);
  for (const Bytes& exif : {exif_tiff(6), exif_marked(6, true)}) {
    const Image image = decode_image(extended_webp(simple, kExifFlag, 2, 3, riff_chunk("EXIF", exif)), "a.webp");
    EXPECT_EQ(image.width, 3);
    EXPECT_EQ(image.height, 2);
    EXPECT_THAT(image.rgb, ElementsAre(5, 5, 5, 3, 3, 3, 1, 1, 1, 6, 6, 6, 4, 4, 4, 2, 2, 2));
  }
}

}  // namespace
}  // namespace throng
