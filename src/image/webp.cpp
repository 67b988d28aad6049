#include "image/webp.h"

#include <webp/decode.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.h"
#include "image/alpha.h"
#include "image/picture_error.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr std::uint64_t kRiffStart = 12;          // "RIFF", size, "WEBP"
constexpr std::uint32_t kMostWebpExif = 1 << 20;  // orientation stands at the start; real ones stay below 64 KiB
constexpr std::uint8_t kAnimationFlag = 0x02;

std::uint32_t little_endian(const std::uint8_t* bytes, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

/// Chunk names are printable. Without this check a file of zeros would be walked through in steps of one empty chunk.
bool is_fourcc(std::string_view kind) {
  return std::ranges::all_of(kind, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Walks over the chunks of a WebP file (RFC 9649) and gathers what the header is made of.
class WebpHeaderReader {
 public:
  WebpHeaderReader(const ByteSource& source, std::string_view name) : source_(source), name_(name) {}

  PictureHeader read() {
    const std::uint64_t end = file_end();
    std::array<std::uint8_t, 8> start;
    for (std::uint64_t offset = kRiffStart; offset + start.size() <= end;) {
      if (source_.read(offset, start) < start.size()) throw_ends_early(name_, "WebP");
      const std::uint32_t length = little_endian(start.data() + 4, 4);
      const std::string_view kind(reinterpret_cast<const char*>(start.data()), 4);
      if (!is_fourcc(kind)) throw_damaged(name_, "WebP", "a chunk in it has no name");
      chunk(kind, offset + start.size(), length);
      offset += start.size() + length + length % 2;
    }
    if (header_.width == 0) throw_damaged(name_, "WebP", "there is no picture in it");
    return header_;
  }

 private:
  std::uint64_t file_end() const {
    std::array<std::uint8_t, kRiffStart> start;
    if (source_.read(0, start) < start.size()) throw_ends_early(name_, "WebP");
    const std::uint64_t end = std::uint64_t{8} + little_endian(start.data() + 4, 4);
    // Some programs leave out the last padding byte.
    if (end > source_.size() + 1) throw_ends_early(name_, "WebP");
    return end;
  }

  void chunk(std::string_view kind, std::uint64_t offset, std::uint32_t length) {
    if (kind == "EXIF") {
      std::vector<std::uint8_t> exif(std::min(length, kMostWebpExif));
      exif.resize(source_.read(offset, exif));
      header_.orientation = exif_orientation(exif);
    } else if (header_.width == 0 && (kind == "VP8X" || kind == "VP8 " || kind == "VP8L")) {
      size(kind, offset);
    }
  }

  void size(std::string_view kind, std::uint64_t offset) {
    std::array<std::uint8_t, 10> bytes;
    if (source_.read(offset, bytes) < bytes.size()) throw_ends_early(name_, "WebP");
    if (kind == "VP8X") {  // flags, 24 reserved bits, width - 1 and height - 1 of the canvas in 24 bits each
      if (bytes[0] & kAnimationFlag) throw_unsupported(name_, "an animated WebP");
      set_size(1 + little_endian(bytes.data() + 4, 3), 1 + little_endian(bytes.data() + 7, 3));
    } else if (kind == "VP8L") {  // a signature byte, width - 1 and height - 1 in 14 bits each
      const std::uint32_t bits = little_endian(bytes.data() + 1, 4);
      set_size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
    } else {  // a frame tag and a start code of 3 bytes each, then 14 bits of each side and 2 of a scale
      set_size(little_endian(bytes.data() + 6, 2) & 0x3FFF, little_endian(bytes.data() + 8, 2) & 0x3FFF);
    }
  }

  void set_size(std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) throw_damaged(name_, "WebP", "its header says that one side is 0 pixels long");
    header_.width = static_cast<int>(width);
    header_.height = static_cast<int>(height);
  }

  const ByteSource& source_;
  std::string_view name_;
  PictureHeader header_;
};

void check(VP8StatusCode status, std::string_view name) {
  switch (status) {
    case VP8_STATUS_OK:
      return;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      throw_ends_early(name, "WebP");
    case VP8_STATUS_OUT_OF_MEMORY:
      throw Error(ErrorKind::failure, text(name, ": there is not enough memory to decode this WebP. Shrink it first."));
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      throw_unsupported(name, "a WebP with an unusual feature");
    default:
      throw_damaged(name, "WebP", "its data cannot be decoded");
  }
}

}  // namespace

PictureHeader read_webp_header(const ByteSource& source, std::string_view name) {
  return WebpHeaderReader(source, name).read();
}

Image decode_webp(std::span<const std::uint8_t> bytes, std::string_view name) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config))
    throw Error(ErrorKind::failure, "libwebp is older than the one Throng was built with");
  check(WebPGetFeatures(bytes.data(), bytes.size(), &config.input), name);
  const PictureHeader header = read_webp_header(MemorySource(bytes), name);
  if (config.input.width != header.width || config.input.height != header.height) {
    throw_damaged(name, "WebP", "its frame is not of the size that its header says");
  }

  const bool alpha = config.input.has_alpha;
  const std::size_t stride = static_cast<std::size_t>(header.width) * (alpha ? 4 : 3);
  Image image{header.width, header.height, std::vector<std::uint8_t>(stride * static_cast<std::size_t>(header.height))};
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {image.rgb.data(), static_cast<int>(stride), image.rgb.size()};
  const VP8StatusCode status = WebPDecode(bytes.data(), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  check(status, name);
  if (alpha) compose_onto_white(image);
  return image;
}

}  // namespace throng
