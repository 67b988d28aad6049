#pragma once

#include <cstdint>
#include <vector>

#include "throng/image.h"

namespace throng {

/// What a file says about its picture before any pixel is decoded.
struct PictureHeader {
  int width = 0;        ///< pixels as stored, before orientation
  int height = 0;       ///< pixels as stored, before orientation
  int orientation = 1;  ///< EXIF, 1..8
};

/// The orientation (1..8) in EXIF data, with or without the leading "Exif\0\0"; 1 when there is none or it is nonsense.
int exif_orientation(std::span<const std::uint8_t> exif);

/// Whether an EXIF orientation exchanges width and height.
constexpr bool orientation_swaps_sides(int orientation) { return orientation >= 5; }

/// Turns a picture as stored into the picture as it is looked at. Flips are done in place; those that exchange width
/// and height need one copy.
void apply_orientation(Image& image, int orientation);

}  // namespace throng
