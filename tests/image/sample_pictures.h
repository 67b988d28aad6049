#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "throng/image.h"

// Pictures that the tests make for themselves with the encoders of libjpeg, libspng and libwebp.
namespace throng {

using Bytes = std::vector<std::uint8_t>;

/// What a JPEG should be made of; `channels` says how many samples a pixel of `samples` has.
struct JpegRecipe {
  int width = 0;
  int height = 0;
  int channels = 3;
  Bytes samples = {};
  bool progressive = false;
  bool adobe_marker = true;       ///< for 4 channels
  bool ycck = false;              ///< for 4 channels
  bool rgb_stored = false;        ///< for 3 channels: not converted to YCbCr
  Bytes exif = {};                ///< with "Exif\0\0"; empty for none
  int scans_per_coefficient = 0;  ///< with progressive: one scan a coefficient and component for each of so many bits
};
/// Quality 100, no subsampling: flat 8x8 blocks come back within 2.
Bytes make_jpeg(const JpegRecipe& recipe);

struct PngRecipe {
  int width = 0;
  int height = 0;
  int colour_type = 2;  ///< 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  int depth = 8;
  Bytes samples = {};  ///< as PNG stores them: rows padded to bytes, 16-bit in host order
  bool interlaced = false;
  std::vector<std::array<std::uint8_t, 3>> palette = {};
  Bytes palette_alpha = {};           ///< tRNS of a palette picture
  std::vector<int> transparent = {};  ///< tRNS of a grey (1 value) or RGB (3 values) picture
  Bytes exif = {};                    ///< the TIFF structure alone; empty for none
};
Bytes make_png(const PngRecipe& recipe);

/// A PNG chunk with its length and checksum.
Bytes png_chunk(const std::string& kind, const Bytes& data);
/// The 13 bytes of IHDR for 8-bit RGB.
Bytes png_header(std::uint32_t width, std::uint32_t height);
extern const Bytes kPngSignature;

Bytes make_lossless_webp(int width, int height, int channels, const Bytes& samples);
Bytes make_lossy_webp(const Image& image, float quality);
/// A RIFF chunk with its length and padding.
Bytes riff_chunk(const std::string& kind, const Bytes& data);
/// Wraps the picture chunk of a simple WebP into an extended one of the given canvas, with more chunks behind it.
Bytes extended_webp(const Bytes& simple, int flags, std::uint32_t width, std::uint32_t height, const Bytes& more);

/// A TIFF structure whose only entry is the orientation, little or big endian.
Bytes exif_tiff(int orientation, bool big_endian = false);
/// The same after "Exif\0\0".
Bytes exif_marked(int orientation, bool big_endian = false);

Bytes operator+(Bytes a, const Bytes& b);
Bytes bytes_of(const std::string& text);

/// A picture of smooth noise, the same every time.
Image noisy_picture(int width, int height, std::uint64_t seed = 1);

}  // namespace throng
