#include "image/own_mark.h"

#include <array>
#include <string>
#include <string_view>
#include <system_error>

#include "core/text.h"
#include "image/byte_source.h"
#include "throng/error.h"

namespace throng {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv;
constexpr std::size_t kPngHeaderEnd = 33;  // signature and the chunk IHDR
constexpr std::string_view kPngText = "Software\0Throng, drawn from a picture"sv;

std::string four_bytes(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
  return bytes;
}

/// CRC-32 as PNG defines it (ISO 3309), bit by bit: for a few dozen bytes.
std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
  }
  return ~crc;
}

std::string text_chunk() {
  const std::string named = "tEXt" + std::string(kPngText);
  return four_bytes(static_cast<std::uint32_t>(kPngText.size())) + named + four_bytes(crc_of(named));
}

bool is_marked_png(std::string_view start) {
  return start.starts_with(kPngStart) && start.substr(kPngHeaderEnd).starts_with(text_chunk());
}

}  // namespace

std::vector<std::uint8_t> with_mark(std::vector<std::uint8_t> png) {
  const std::string chunk = text_chunk();
  if (png.size() < kPngHeaderEnd) throw Error(ErrorKind::failure, "what should be marked as a PNG is none");
  png.insert(png.begin() + kPngHeaderEnd, chunk.begin(), chunk.end());
  return png;
}

bool is_own_drawing(const std::filesystem::path& path) {
  // By its name first: thousands of photos need not be opened.
  if (lower_case(path.extension().string()) != ".png") return false;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<std::uint8_t, 128> start;
  try {
    const std::size_t size = FileSource(path).read(0, start);
    return size > kPngHeaderEnd && is_marked_png({reinterpret_cast<const char*>(start.data()), size});
  } catch (const Error&) {
    return false;
  }
}

}  // namespace throng
