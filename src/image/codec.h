#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "image/image_size.h"
#include "throng/image.h"

namespace throng {

/// The size of a picture as load_image would give it (EXIF orientation applied), from its header alone.
/// Throws Error(input) as decode_image does.
ImageSize probe_image(const std::filesystem::path& path, const DecodeLimits& limits = {});

/// Whether a file name ends like a picture of a format that Throng decodes (jpg, jpeg, png, webp; any case),
/// or like one that it recognises and refuses with a remedy (heic, heif, avif, tif, tiff, bmp, gif).
bool has_image_extension(const std::filesystem::path& path);

/// Whether a file name ends like a picture of a format that Throng decodes.
bool has_decoded_extension(const std::filesystem::path& path);

/// Pictures to bytes. quality 1..100.
std::vector<std::uint8_t> encode_png(const Image& image);
std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality = 90);

/// Writes PNG or JPEG by the name's ending, atomically. Throws Error(failure).
void save_image(const Image& image, const std::filesystem::path& path);

}  // namespace throng
