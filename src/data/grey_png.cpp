#include "data/grey_png.h"

#include <zlib.h>

#include <string_view>

#include "throng/error.h"

namespace throng {
namespace {

void append_number(std::vector<std::uint8_t>& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
}

/// Length, type, content, checksum over the latter two.
void append_chunk(std::vector<std::uint8_t>& out, std::string_view type, std::span<const std::uint8_t> content) {
  append_number(out, static_cast<std::uint32_t>(content.size()));
  const std::size_t begin = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), content.begin(), content.end());
  append_number(out, static_cast<std::uint32_t>(crc32_z(0, out.data() + begin, out.size() - begin)));
}

}  // namespace

std::vector<std::uint8_t> encode_grey_png(std::span<const std::uint8_t> values, int width, int height) {
  const auto row = static_cast<std::size_t>(width);
  std::vector<std::uint8_t> lines;  // each begins with the number of its filter, here none
  lines.reserve((row + 1) * static_cast<std::size_t>(height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    const auto line = values.subspan(y * row, row);
    lines.push_back(0);
    lines.insert(lines.end(), line.begin(), line.end());
  }
  uLongf size = compressBound(static_cast<uLong>(lines.size()));
  std::vector<std::uint8_t> packed(size);
  if (compress2(packed.data(), &size, lines.data(), static_cast<uLong>(lines.size()), Z_BEST_COMPRESSION) != Z_OK) {
    throw Error(ErrorKind::failure, "a mask cannot be compressed: there is not enough memory");
  }
  packed.resize(size);

  std::vector<std::uint8_t> header;
  append_number(header, static_cast<std::uint32_t>(width));
  append_number(header, static_cast<std::uint32_t>(height));
  // 8 bits, grey, and the only compression, filtering and order that there are.
  header.insert(header.end(), {8, 0, 0, 0, 0});
  std::vector<std::uint8_t> png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  append_chunk(png, "IHDR", header);
  append_chunk(png, "IDAT", packed);
  append_chunk(png, "IEND", {});
  return png;
}

}  // namespace throng
