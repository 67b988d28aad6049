#include "core/npy.h"

#include <bit>
#include <cstdint>
#include <string>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");

/// numpy.lib.format, version 1.0: magic, version, length of the dictionary, the dictionary padded so that the data
/// begin at a multiple of 64.
std::string npy_header(int height, int width, std::size_t blanks) {
  constexpr std::size_t kPrefix = 10;
  std::string dictionary = text("{'descr': '<f4', 'fortran_order': False, 'shape': (", height, ", ", width, "), }");
  dictionary.append(blanks, ' ');
  while ((kPrefix + dictionary.size() + 1) % kNpyAlignment != 0) dictionary += ' ';
  dictionary += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dictionary.size() & 0xFF);
  header += static_cast<char>(dictionary.size() >> 8);
  return header + dictionary;
}

}  // namespace

void write_npy(const std::filesystem::path& path, std::span<const float> values, int height, int width,
               std::size_t blanks) {
  const bool fits =
      height >= 0 && width >= 0 && values.size() == static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  if (!fits) {
    throw Error(ErrorKind::failure, text(path.string(), " cannot be written: ", values.size(), " values are not ",
                                         height, " rows of ", width));
  }
  AtomicFile file(path);
  file.write(npy_header(height, width, blanks));
  file.write(std::span(reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()));
  file.commit();
}

}  // namespace throng
