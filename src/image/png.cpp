#include "image/png.h"

#include <spng.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <vector>

#include "core/text.h"
#include "image/alpha.h"
#include "image/picture_error.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr std::uint64_t kSignature = 8;
constexpr std::uint64_t kChunkFrame = 12;     // length, name, checksum
constexpr std::uint32_t kMostExif = 1 << 20;  // orientation stands at the start; real ones stay below 64 KiB
constexpr std::size_t kMostChunk = std::size_t{64} << 20;  // guards against text and profiles that unpack to gigabytes

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

int positive_side(std::uint32_t side, std::string_view name) {
  if (side == 0 || side > static_cast<std::uint32_t>(std::numeric_limits<int>::max())) {
    throw_damaged(name, "PNG", text("its header says that one side is ", side, " pixels long"));
  }
  return static_cast<int>(side);
}

int read_exif_chunk(const ByteSource& source, std::uint64_t offset, std::uint32_t length) {
  std::vector<std::uint8_t> exif(std::min(length, kMostExif));
  exif.resize(source.read(offset, exif));
  return exif_orientation(exif);
}

/// Chunk names are letters. Without this check a file that goes on with zeros would be walked through in steps of one
/// empty chunk.
bool is_chunk_name(std::string_view kind) {
  return std::ranges::all_of(kind, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

/// The orientation in the eXIf chunk, which may also stand behind the pixels.
int find_orientation(const ByteSource& source) {
  std::array<std::uint8_t, 8> start;
  std::uint64_t offset = kSignature;
  while (source.read(offset, start) == start.size()) {
    const std::uint32_t length = big_endian(start.data());
    const std::string_view kind(reinterpret_cast<const char*>(start.data()) + 4, 4);
    if (kind == "eXIf") return read_exif_chunk(source, offset + start.size(), length);
    if (kind == "IEND" || !is_chunk_name(kind)) break;
    offset += kChunkFrame + length;
  }
  return 1;
}

struct ContextRelease {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, ContextRelease>;

void check(int code, std::string_view name) {
  switch (code) {
    case SPNG_OK:
      return;
    case SPNG_IO_EOF:
    case SPNG_EIDAT_TOO_SHORT:
      throw_ends_early(name, "PNG");
    case SPNG_EMEM:
      throw Error(ErrorKind::failure, text(name, ": there is not enough memory to decode this PNG. Shrink it first."));
    default:
      throw_damaged(name, "PNG", spng_strerror(code));
  }
}

bool has_alpha(spng_ctx* context, const spng_ihdr& header) {
  spng_trns transparent;
  return header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA || header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA ||
         spng_get_trns(context, &transparent) == SPNG_OK;
}

}  // namespace

PictureHeader read_png_header(const ByteSource& source, std::string_view name) {
  std::array<std::uint8_t, 16> header;  // chunk length, "IHDR", width, height
  if (source.read(kSignature, header) < header.size()) throw_ends_early(name, "PNG");
  if (std::string_view(reinterpret_cast<const char*>(header.data()) + 4, 4) != "IHDR") {
    throw_damaged(name, "PNG", "it does not begin with a header");
  }
  return {positive_side(big_endian(header.data() + 8), name), positive_side(big_endian(header.data() + 12), name),
          find_orientation(source)};
}

Image decode_png(std::span<const std::uint8_t> bytes, std::string_view name) {
  const Context context(spng_ctx_new(0));
  if (!context) check(SPNG_EMEM, name);
  check(spng_set_chunk_limits(context.get(), kMostChunk, kMostChunk), name);
  check(spng_set_png_buffer(context.get(), bytes.data(), bytes.size()), name);
  spng_ihdr header;
  check(spng_get_ihdr(context.get(), &header), name);
  const bool alpha = has_alpha(context.get(), header);

  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  image.rgb.resize(std::size_t{header.width} * header.height * (alpha ? 4 : 3));
  check(spng_decode_image(context.get(), image.rgb.data(), image.rgb.size(), alpha ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8,
                          alpha ? SPNG_DECODE_TRNS : 0),
        name);
  if (alpha) compose_onto_white(image);
  return image;
}

}  // namespace throng
