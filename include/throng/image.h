#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "throng/export.h"

namespace throng {

/// An 8-bit RGB picture as it is looked at: EXIF orientation applied, alpha composed onto white, grey repeated.
struct Image {
  int width = 0;                  ///< pixels
  int height = 0;                 ///< pixels
  std::vector<std::uint8_t> rgb;  ///< [height, width, 3]

  std::uint8_t* pixel(int x, int y) { return rgb.data() + 3 * (static_cast<std::size_t>(y) * width + x); }
  const std::uint8_t* pixel(int x, int y) const { return rgb.data() + 3 * (static_cast<std::size_t>(y) * width + x); }
};

/// Limits that are checked against the header, before any pixel memory is allocated.
struct DecodeLimits {
  std::int64_t max_pixels = 200'000'000;
};

/// Decodes JPEG, PNG or WebP bytes. `name` stands for the picture in error messages.
/// Throws Error(input): damaged or truncated data, a format that is not built in, more pixels than the limit.
THRONG_API Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name,
                              const DecodeLimits& limits = {});

/// Reads and decodes a file. Throws Error(input) as decode_image does, and when the file cannot be read.
THRONG_API Image load_image(const std::filesystem::path& path, const DecodeLimits& limits = {});

}  // namespace throng
