#include <libexif/exif-data.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "image/mirror.h"
#include "image/picture_header.h"

namespace throng {
namespace {

constexpr std::string_view kExifMark("Exif\0\0", 6);
constexpr std::size_t kPixel = 3;

bool begins_with_mark(std::span<const std::uint8_t> exif) {
  return exif.size() >= kExifMark.size() && std::equal(kExifMark.begin(), kExifMark.end(), exif.begin());
}

struct ExifRelease {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

void flip_upside_down(Image& image) {
  const std::size_t row = kPixel * static_cast<std::size_t>(image.width);
  for (int top = 0, bottom = image.height - 1; top < bottom; ++top, --bottom) {
    std::swap_ranges(image.pixel(0, top), image.pixel(0, top) + row, image.pixel(0, bottom));
  }
}

/// Exchanges rows and columns, tile by tile so that both pictures stay in the cache.
void transpose(Image& image) {
  constexpr int kTile = 32;
  Image turned{image.height, image.width, std::vector<std::uint8_t>(image.rgb.size())};
  for (int tile_y = 0; tile_y < image.height; tile_y += kTile) {
    for (int tile_x = 0; tile_x < image.width; tile_x += kTile) {
      for (int y = tile_y; y < std::min(tile_y + kTile, image.height); ++y) {
        for (int x = tile_x; x < std::min(tile_x + kTile, image.width); ++x) {
          std::copy_n(image.pixel(x, y), kPixel, turned.pixel(y, x));
        }
      }
    }
  }
  image = std::move(turned);
}

}  // namespace

int exif_orientation(std::span<const std::uint8_t> exif) {
  std::vector<std::uint8_t> marked;
  if (!begins_with_mark(exif)) {  // libexif wants the mark that JPEG has and PNG leaves out
    marked.assign(kExifMark.begin(), kExifMark.end());
    marked.insert(marked.end(), exif.begin(), exif.end());
    exif = marked;
  }
  const std::unique_ptr<ExifData, ExifRelease> data(exif_data_new());
  if (!data) return 1;
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);  // it would invent missing entries
  exif_data_load_data(data.get(), exif.data(), static_cast<unsigned>(exif.size()));
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 || entry->size < 2) return 1;
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
}

void apply_orientation(Image& image, int orientation) {
  // EXIF 2.32, tag 0x0112: where the stored row 0 and column 0 lie in the picture.
  if (orientation_swaps_sides(orientation)) transpose(image);
  switch (orientation) {
    case 2:  // row 0 at the top, column 0 at the right
    case 6:  // row 0 at the right, column 0 at the top
      mirror_image(image);
      break;
    case 4:  // row 0 at the bottom, column 0 at the left
    case 8:  // row 0 at the left, column 0 at the bottom
      flip_upside_down(image);
      break;
    case 3:  // row 0 at the bottom, column 0 at the right
    case 7:  // row 0 at the right, column 0 at the bottom
      mirror_image(image);
      flip_upside_down(image);
      break;
    default:  // 1: as stored; 5: row 0 at the left, column 0 at the top
      break;
  }
}

}  // namespace throng
