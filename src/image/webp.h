#pragma once

#include <string_view>

#include "image/byte_source.h"
#include "image/picture_header.h"

namespace throng {

/// Steps through the chunks of a WebP file. Throws Error(input), also for an animation.
PictureHeader read_webp_header(const ByteSource& source, std::string_view name);

/// The pixels as stored, alpha composed onto white. Throws Error(input).
Image decode_webp(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace throng
