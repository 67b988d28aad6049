#include <map>

#include "expect_error.h"
#include "image/codec.h"
#include "image/picture_header.h"
#include "image/sample_pictures.h"

namespace throng {
namespace {

// A picture of 2 x 3 pixels, AB / CD / EF, and how it must look by the table of EXIF 2.32 (tag 0x0112).
const std::map<int, std::vector<std::string>> kTurned = {
    {1, {"AB", "CD", "EF"}}, {2, {"BA", "DC", "FE"}}, {3, {"FE", "DC", "BA"}}, {4, {"EF", "CD", "AB"}},
    {5, {"ACE", "BDF"}},     {6, {"ECA", "FDB"}},     {7, {"FDB", "ECA"}},     {8, {"BDF", "ACE"}},
};

std::uint8_t value_of(char letter) { return static_cast<std::uint8_t>(10 + 40 * (letter - 'A')); }

/// The letters as grey squares of the given side.
Image picture_of(const std::vector<std::string>& rows, int side) {
  Image image{static_cast<int>(rows[0].size()) * side, static_cast<int>(rows.size()) * side, {}};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const char letter = rows[static_cast<std::size_t>(y / side)][static_cast<std::size_t>(x / side)];
      image.rgb.insert(image.rgb.end(), 3, value_of(letter));
    }
  }
  return image;
}

void expect_equal(const Image& image, const Image& expected, int tolerance) {
  ASSERT_EQ(image.width, expected.width);
  ASSERT_EQ(image.height, expected.height);
  for (std::size_t i = 0; i < expected.rgb.size(); ++i)
    ASSERT_NEAR(image.rgb[i], expected.rgb[i], tolerance) << "at " << i;
}

TEST(Orientation, TurnsAllEightInPngs) {
  const Image stored = picture_of(kTurned.at(1), 1);
  for (const auto& [orientation, rows] : kTurned) {
    SCOPED_TRACE(orientation);
    const Bytes bytes = make_png({.width = 2, .height = 3, .samples = stored.rgb, .exif = exif_tiff(orientation)});
    expect_equal(decode_image(bytes, "a.png"), picture_of(rows, 1), 0);
  }
}

TEST(Orientation, TurnsAllEightInJpegsOfEitherByteOrder) {
  const Image stored = picture_of(kTurned.at(1), 40);  // larger than a tile of the transposition
  for (const auto& [orientation, rows] : kTurned) {
    for (const bool big_endian : {false, true}) {
      SCOPED_TRACE(orientation);
      const JpegRecipe recipe{.width = stored.width,
                              .height = stored.height,
                              .samples = stored.rgb,
                              .exif = exif_marked(orientation, big_endian)};
      expect_equal(decode_image(make_jpeg(recipe), "a.jpg"), picture_of(rows, 40), 2);
    }
  }
}

TEST(Orientation, IsReadFromBehindThePixelsOfAPng) {
  const Image stored = picture_of(kTurned.at(1), 1);
  Bytes bytes = make_png({.width = 2, .height = 3, .samples = stored.rgb});
  const Bytes chunk = png_chunk("eXIf", exif_tiff(8, true));
  bytes.insert(bytes.end() - 12, chunk.begin(), chunk.end());  // before IEND
  expect_equal(decode_image(bytes, "a.png"), picture_of(kTurned.at(8), 1), 0);
}

TEST(Orientation, NonsenseLeavesThePictureAsItIs) {
  for (const int value : {0, 9, 255, 65535}) EXPECT_EQ(exif_orientation(exif_tiff(value)), 1) << value;
  EXPECT_EQ(exif_orientation({}), 1);
  EXPECT_EQ(exif_orientation(bytes_of("not a TIFF structure at all")), 1);
  Bytes wrong_type = exif_tiff(6);
  wrong_type[12] = 7;  // UNDEFINED instead of SHORT
  EXPECT_EQ(exif_orientation(wrong_type), 1);
}

TEST(Orientation, TruncatedExifNeverGivesAnotherOrientation) {
  const Bytes whole = exif_tiff(6);
  ASSERT_EQ(exif_orientation(whole), 6);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const int orientation = exif_orientation(std::span(whole).first(size));
    EXPECT_TRUE(orientation == 1 || orientation == 6) << size;
  }
}

}  // namespace
}  // namespace throng
