#include "data/importers/mat_elements.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "core/text.h"
#include "throng/error.h"

static_assert(std::endian::native == std::endian::little, "MATLAB files are read as little-endian numbers");

namespace throng {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kLargestVariable = std::size_t{256} << 20;

template <class T>
std::vector<double> numbers_as(Bytes data) {
  std::vector<double> numbers;
  numbers.reserve(data.size() / sizeof(T));
  for (std::size_t i = 0; i + sizeof(T) <= data.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, data.data() + i, sizeof value);
    numbers.push_back(static_cast<double>(value));
  }
  return numbers;
}

}  // namespace

std::optional<std::vector<double>> mat_numbers(const MatElement& element) {
  switch (element.type) {
    case kMatInt8:
      return numbers_as<std::int8_t>(element.data);
    case kMatUint8:
      return numbers_as<std::uint8_t>(element.data);
    case kMatInt16:
      return numbers_as<std::int16_t>(element.data);
    case kMatUint16:
      return numbers_as<std::uint16_t>(element.data);
    case kMatInt32:
      return numbers_as<std::int32_t>(element.data);
    case kMatUint32:
      return numbers_as<std::uint32_t>(element.data);
    case kMatSingle:
      return numbers_as<float>(element.data);
    case kMatDouble:
      return numbers_as<double>(element.data);
    case kMatInt64:
      return numbers_as<std::int64_t>(element.data);
    case kMatUint64:
      return numbers_as<std::uint64_t>(element.data);
    default:
      return std::nullopt;
  }
}

std::vector<std::uint8_t> inflate_mat_variable(Bytes packed, const std::string& path) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) fail_in_mat_file(path, "zlib cannot be started");
  stream.next_in = const_cast<std::uint8_t*>(packed.data());  // zlib's interface lacks the const; it only reads
  stream.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::uint8_t> out;
  int state = Z_OK;
  while (state == Z_OK && out.size() < kLargestVariable) {
    const std::size_t filled = out.size();
    out.resize(std::max<std::size_t>(2 * filled, 1 << 16));
    stream.next_out = out.data() + filled;
    stream.avail_out = static_cast<uInt>(out.size() - filled);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state == Z_OK) fail_in_mat_file(path, text("a variable takes more than ", human_bytes(kLargestVariable)));
  if (state != Z_STREAM_END) {
    fail_in_mat_file(path, "the file is damaged or ends early (its compressed data cannot be unpacked)");
  }
  return out;
}

void fail_in_mat_file(const std::string& path, std::string_view what) {
  throw Error(ErrorKind::input, text(path, ": ", what));
}

MatElements::MatElements(Bytes bytes, std::string path) : rest_(bytes), path_(std::move(path)) {}

MatElement MatElements::next() {
  if (rest_.size() < 8) cut_off();
  std::uint32_t tag[2];
  std::memcpy(tag, rest_.data(), sizeof tag);
  const std::uint32_t short_size = tag[0] >> 16;
  if (short_size != 0) {  // the short form: type and size in one word, up to four bytes of data in the next
    if (short_size > 4) fail_in_mat_file(path_, "the file is damaged: a short element is longer than four bytes");
    const MatElement element{tag[0] & 0xffff, rest_.subspan(4, short_size)};
    rest_ = rest_.subspan(8);
    return element;
  }
  if (tag[1] > rest_.size() - 8) cut_off();
  const MatElement element{tag[0], rest_.subspan(8, tag[1])};
  const std::size_t padded = tag[0] == kMatCompressed ? tag[1] : (std::size_t{tag[1]} + 7) / 8 * 8;
  rest_ = rest_.subspan(std::min(rest_.size(), 8 + padded));
  return element;
}

MatElement MatElements::next(std::uint32_t type, std::string_view what) {
  const MatElement element = next();
  if (element.type != type) fail_in_mat_file(path_, text("the file is damaged: expected ", what));
  return element;
}

void MatElements::cut_off() const { fail_in_mat_file(path_, "the file is damaged or ends early"); }

}  // namespace throng
