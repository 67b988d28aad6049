#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "core/file.h"
#include "expect_error.h"
#include "image/codec.h"
#include "image/grey_png.h"
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

TEST(Save, GreyPngIsOneByteAPixelAndReadsBack) {
  Bytes values(70 * 33);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * 7);
  const Bytes png = encode_grey_png(values, 70, 33);
  EXPECT_EQ(png[24], 8);  // the depth and the colour type in the header: 8 bits, grey
  EXPECT_EQ(png[25], 0);
  const Image image = decode_image(png, "grey.png");
  ASSERT_EQ(image.width, 70);
  ASSERT_EQ(image.height, 33);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) ASSERT_EQ(image.rgb[i], values[i / 3]) << i;
  // A mask of 800 x 600 with one side inside.
  Bytes mask(800 * 600, 0);
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = i % 800 < 300 ? 255 : 0;
  EXPECT_LT(encode_grey_png(mask, 800, 600).size(), 3000U);
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
  expect_error(ErrorKind::failure, {"2 x 2", "3 bytes", "* 1 bytes"}, [] { encode_grey_png(Bytes(3), 2, 2); });
  expect_error(ErrorKind::failure, {"0 x 5"}, [] { encode_grey_png({}, 0, 5); });
  expect_error(ErrorKind::failure, {"2 x 2", "11 bytes"}, [] { encode_jpeg({2, 2, Bytes(11)}); });
  // JPEG ends at 65,500 pixels a side.
  expect_error(ErrorKind::failure, {"JPEG cannot be written", "65500"}, [] { encode_jpeg({70000, 1, Bytes(210000)}); });
}

/// Address space that this process has taken, bytes.
std::uint64_t virtual_bytes() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmSize:")) return std::stoull(line.substr(7)) * 1024;
  }
  return 0;
}

// Noise of 4 million pixels: libjpeg holds 12 MB of coefficients when it begins to write more than 4 MB.
TEST(Save, AJpegThatFindsNoMemoryIsAnErrorAndFreesWhatItTook) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer's shadow needs more address space than is left here";
#endif
  Image noise{2000, 2000, Bytes(12'000'000)};
  std::uint32_t state = 1;
  for (std::uint8_t& value : noise.rgb) {
    state = state * 1'664'525 + 1'013'904'223;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  const auto short_of_memory = [&] {
    rlimit limit{};
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = virtual_bytes() + (17u << 20);
    setrlimit(RLIMIT_AS, &limit);
    try {
      encode_jpeg(noise, 100);
    } catch (const Error& error) {
      const bool said = std::string(error.what()).find("Insufficient memory") != std::string::npos;
      std::exit(error.kind() == ErrorKind::failure && said ? 0 : 2);
    }
    std::exit(1);
  };
  EXPECT_EXIT(short_of_memory(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace throng
