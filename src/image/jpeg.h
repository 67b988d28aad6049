#pragma once

#include <string_view>

#include "image/byte_source.h"
#include "image/picture_header.h"

namespace throng {

/// Reads as far as the first scan. Throws Error(input).
PictureHeader read_jpeg_header(const ByteSource& source, std::string_view name);

/// The pixels as stored. Baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK. Throws Error(input) for data that
/// end early and for damage that libjpeg would only warn about (it fills the rest with grey).
Image decode_jpeg(const ByteSource& source, std::string_view name);

}  // namespace throng
