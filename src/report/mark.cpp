#include "report/mark.h"

#include <array>
#include <string>
#include <string_view>
#include <system_error>

#include "core/file.h"
#include "core/npy.h"
#include "image/byte_source.h"
#include "image/codec.h"
#include "image/own_mark.h"
#include "throng/error.h"

namespace throng {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kNpyStart = "\x93NUMPY\x01\0"sv;
constexpr std::size_t kNpyPrefix = 10;
constexpr std::size_t kNpyMark = kNpyAlignment;

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

void save_marked_png(const Image& image, const std::filesystem::path& path) {
  write_file(path, with_mark(encode_png(image)));
}

void write_marked_npy(const std::filesystem::path& path, std::span<const float> values, int height, int width) {
  write_npy(path, values, height, width, kNpyMark);
}

bool is_marked(const std::filesystem::path& path) {
  if (is_own_drawing(path)) return true;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<std::uint8_t, 512> start;
  try {
    const std::size_t size = FileSource(path).read(0, start);
    return is_marked_npy({reinterpret_cast<const char*>(start.data()), size});
  } catch (const Error&) {
    return false;  // what cannot be read is not known to be ours
  }
}

}  // namespace throng
