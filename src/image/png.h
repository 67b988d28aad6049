#pragma once

#include <string_view>

#include "image/byte_source.h"
#include "image/picture_header.h"

namespace throng {

/// Reads IHDR and, wherever it lies, eXIf; steps over all other chunks. Throws Error(input).
PictureHeader read_png_header(const ByteSource& source, std::string_view name);

/// The pixels as stored: every colour type and depth, interlaced or not; of 16 bits the upper 8; alpha (also tRNS) is
/// composed onto white. Throws Error(input).
Image decode_png(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace throng
