#include "report/mark.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <system_error>

#include "core/file.h"
#include "image/byte_source.h"
#include "image/codec.h"
#include "report/npy.h"
#include "throng/error.h"

namespace throng {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv;
constexpr std::size_t kPngHeaderEnd = 33;  // signature and the chunk IHDR
constexpr std::string_view kPngText = "Software\0Throng, drawn from a picture"sv;
constexpr std::string_view kNpyStart = "\x93NUMPY\x01\0"sv;
constexpr std::size_t kNpyPrefix = 10;

std::string big_endian(std::uint32_t number) {
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
  return big_endian(static_cast<std::uint32_t>(kPngText.size())) + named + big_endian(crc_of(named));
}

bool is_marked_png(std::string_view start) {
  return start.starts_with(kPngStart) && start.substr(kPngHeaderEnd).starts_with(text_chunk());
}

bool is_marked_npy(std::string_view start) {
  if (!start.starts_with(kNpyStart) || start.size() < kNpyPrefix) return false;
  const std::size_t length = static_cast<unsigned char>(start[8]) + 256U * static_cast<unsigned char>(start[9]);
  const std::string_view dictionary = start.substr(kNpyPrefix, length);
  if (dictionary.size() < length || !dictionary.ends_with('\n')) return false;
  const std::size_t used = kNpyPrefix + dictionary.find_last_not_of(" \n") + 1;
  const std::size_t necessary = (used + 1 + kNpyAlignment - 1) / kNpyAlignment * kNpyAlignment;
  return kNpyPrefix + length == necessary + kNpyMark;
}

}  // namespace

std::vector<std::uint8_t> with_mark(std::vector<std::uint8_t> png) {
  const std::string chunk = text_chunk();
  if (png.size() < kPngHeaderEnd) throw Error(ErrorKind::failure, "what should be marked as a PNG is none");
  png.insert(png.begin() + kPngHeaderEnd, chunk.begin(), chunk.end());
  return png;
}

void save_marked_png(const Image& image, const std::filesystem::path& path) {
  write_file(path, with_mark(encode_png(image)));
}

void write_marked_npy(const std::filesystem::path& path, std::span<const float> values, int height, int width) {
  write_npy(path, values, height, width, kNpyMark);
}

bool is_marked(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<std::uint8_t, 512> start;
  try {
    const std::size_t size = FileSource(path).read(0, start);
    const std::string_view bytes(reinterpret_cast<const char*>(start.data()), size);
    return is_marked_png(bytes) || is_marked_npy(bytes);
  } catch (const Error&) {
    return false;  // what cannot be read is not known to be ours
  }
}

}  // namespace throng
