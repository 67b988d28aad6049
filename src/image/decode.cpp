#include <algorithm>
#include <limits>
#include <new>
#include <span>
#include <string>

#include "core/file.h"
#include "core/text.h"
#include "image/byte_source.h"
#include "image/codec.h"
#include "image/format.h"
#include "image/jpeg.h"
#include "image/picture_header.h"
#include "image/png.h"
#include "image/webp.h"
#include "throng/error.h"
#include "throng/image.h"

namespace throng {
namespace {

constexpr std::string_view kDecodedEndings[] = {".jpg", ".jpeg", ".png", ".webp"};
constexpr std::string_view kRefusedEndings[] = {".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".gif"};

bool ends_in_one_of(const std::filesystem::path& path, std::span<const std::string_view> endings) {
  return std::ranges::find(endings, lower_case(path.extension().string())) != endings.end();
}

PictureHeader read_header(PictureFormat format, const ByteSource& source, std::string_view name) {
  switch (format) {
    case PictureFormat::jpeg:
      return read_jpeg_header(source, name);
    case PictureFormat::png:
      return read_png_header(source, name);
    case PictureFormat::webp:
      return read_webp_header(source, name);
  }
  throw Error(ErrorKind::failure, "a picture format without a header reader");
}

Image decode_pixels(PictureFormat format, std::span<const std::uint8_t> bytes, std::string_view name) {
  switch (format) {
    case PictureFormat::jpeg:
      return decode_jpeg(MemorySource(bytes), name);
    case PictureFormat::png:
      return decode_png(bytes, name);
    case PictureFormat::webp:
      return decode_webp(bytes, name);
  }
  throw Error(ErrorKind::failure, "a picture format without a decoder");
}

std::string size_text(const PictureHeader& header) { return text(header.width, " x ", header.height); }

void check_limits(const PictureHeader& header, std::string_view name, const DecodeLimits& limits) {
  // A side has 31 bits, so the product fits.
  const std::int64_t pixels = std::int64_t{header.width} * header.height;
  if (pixels > limits.max_pixels) {
    throw Error(ErrorKind::input,
                text(name, " is ", size_text(header), " = ", pixels, " pixels, more than the limit of ",
                     limits.max_pixels, ". Shrink or cut it first."));
  }
}

/// Finds out all that is wrong with a file before its pixels, or even its bytes, take memory.
PictureHeader inspect(PictureFormat format, const ByteSource& source, std::string_view name,
                      const DecodeLimits& limits) {
  const PictureHeader header = read_header(format, source, name);
  check_limits(header, name, limits);
  return header;
}

/// A picture within the limits takes at most 8 bytes a pixel (16-bit RGBA, uncompressed) and some room for text and
/// profiles; a larger file is refused rather than read into memory.
void check_file_size(const ByteSource& source, std::string_view name, const DecodeLimits& limits) {
  constexpr std::uint64_t kBytesPerPixel = 8;
  constexpr std::uint64_t kExtras = std::uint64_t{64} << 20;
  // Eight times a large limit may be no number.
  const std::uint64_t pixel_bytes = source.size() - std::min(source.size(), kExtras);
  if (pixel_bytes / kBytesPerPixel > static_cast<std::uint64_t>(limits.max_pixels)) {
    throw Error(ErrorKind::input,
                text(name, " is a file of ", human_bytes(static_cast<std::int64_t>(source.size())),
                     ", more than any picture of ", limits.max_pixels, " pixels takes. Save it anew as JPEG or PNG."));
  }
}

/// Folders and devices are refused here; what remains can be read, a pipe only from start to end.
bool has_random_access(const std::filesystem::path& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    throw Error(ErrorKind::input, text(path.string(), " does not exist or cannot be reached. Check the path."));
  }
  const bool is_pipe = status.type() == std::filesystem::file_type::fifo;
  if (!is_pipe && !std::filesystem::is_regular_file(status)) {
    throw Error(ErrorKind::input, text(path.string(), " is ", is_directory(status) ? "a folder" : "not a file",
                                       ". Give the path of a picture."));
  }
  return !is_pipe;
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  const MemorySource source(bytes);
  const PictureFormat format = recognise_format(source, name);
  const PictureHeader header = inspect(format, source, name, limits);
  try {
    Image image = decode_pixels(format, bytes, name);
    apply_orientation(image, header.orientation);
    return image;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::failure, text(name, ": there is not enough memory for its ", size_text(header),
                                         " pixels. Shrink or cut it first."));
  }
}

Image load_image(const std::filesystem::path& path, const DecodeLimits& limits) {
  const std::string name = path.string();
  if (has_random_access(path)) {
    const FileSource source(path);
    inspect(recognise_format(source, name), source, name, limits);
    check_file_size(source, name, limits);
  }
  return decode_image(read_file(path), name, limits);
}

ImageSize probe_image(const std::filesystem::path& path, const DecodeLimits& limits) {
  const std::string name = path.string();
  PictureHeader header;
  if (has_random_access(path)) {
    const FileSource source(path);
    header = inspect(recognise_format(source, name), source, name, limits);
  } else {
    const std::vector<std::uint8_t> bytes = read_file(path);
    const MemorySource source(bytes);
    header = inspect(recognise_format(source, name), source, name, limits);
  }
  if (orientation_swaps_sides(header.orientation)) std::swap(header.width, header.height);
  return {header.width, header.height};
}

bool has_decoded_extension(const std::filesystem::path& path) { return ends_in_one_of(path, kDecodedEndings); }

bool has_image_extension(const std::filesystem::path& path) {
  return has_decoded_extension(path) || ends_in_one_of(path, kRefusedEndings);
}

}  // namespace throng
