#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "image/codec.h"
#include "image/sample_pictures.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(Save, PngComesBackAsItWas) {
  const Image picture = noisy_picture(31, 17);
  const Bytes bytes = encode_png(picture);
  EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 8), kPngSignature);
  const Image decoded = decode_image(bytes, "a.png");
  EXPECT_EQ(decoded.width, 31);
  EXPECT_EQ(decoded.height, 17);
  EXPECT_EQ(decoded.rgb, picture.rgb);
}

TEST(Save, JpegKeepsFlatColoursAndQualityCostsBytes) {
  Image flat{40, 30, {}};
  for (int i = 0; i < 40 * 30; ++i) flat.rgb.insert(flat.rgb.end(), {180, 90, 30});
  const Image decoded = decode_image(encode_jpeg(flat), "a.jpg");
  ASSERT_EQ(decoded.rgb.size(), flat.rgb.size());
  for (std::size_t i = 0; i < flat.rgb.size(); ++i) ASSERT_NEAR(decoded.rgb[i], flat.rgb[i], 4);
  const Image noise = noisy_picture(64, 64);
  EXPECT_LT(encode_jpeg(noise, 20).size(), encode_jpeg(noise, 95).size() / 2);
}

TEST(Save, TheNameDecidesTheFormat) {
  const TemporaryFolder folder;
  const Image picture = noisy_picture(20, 10);
  save_image(picture, folder / "größe 1.PNG");
  EXPECT_EQ(load_image(folder / "größe 1.PNG").rgb, picture.rgb);
  save_image(picture, folder / "b.jpeg");
  EXPECT_EQ(read_file(folder / "b.jpeg")[1], 0xD8);
  expect_error(ErrorKind::failure, {"c.webp", ".png, .jpg or .jpeg"}, [&] { save_image(picture, folder / "c.webp"); });
  expect_error(ErrorKind::failure, {"missing"}, [&] { save_image(picture, folder / "missing" / "d.png"); });
}

TEST(Save, PicturesThatCannotBeAreErrors) {
  expect_error(ErrorKind::failure, {"0 x 0"}, [] { encode_png({}); });
  expect_error(ErrorKind::failure, {"2 x 2", "11 bytes"}, [] { encode_jpeg({2, 2, Bytes(11)}); });
  // JPEG ends at 65,500 pixels a side.
  expect_error(ErrorKind::failure, {"JPEG cannot be written", "65500"}, [] { encode_jpeg({70000, 1, Bytes(210000)}); });
}

}  // namespace
}  // namespace throng
