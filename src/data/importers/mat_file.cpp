#include "data/importers/mat_file.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

static_assert(std::endian::native == std::endian::little, "MATLAB files are read as little-endian numbers");

namespace throng {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kHeaderSize = 128;
constexpr std::size_t kLargestVariable = std::size_t{256} << 20;

enum ElementType : std::uint32_t {
  kInt8 = 1,
  kUint8 = 2,
  kInt16 = 3,
  kUint16 = 4,
  kInt32 = 5,
  kUint32 = 6,
  kSingle = 7,
  kDouble = 9,
  kInt64 = 12,
  kUint64 = 13,
  kMatrix = 14,
  kCompressed = 15,
};

enum ArrayClass : std::uint8_t { kCellClass = 1, kStructClass = 2, kFirstNumberClass = 6, kLastNumberClass = 15 };
constexpr std::uint8_t kComplexFlag = 0x08;

[[noreturn]] void fail_in(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::input, text(path, ": ", what));
}

struct Element {
  std::uint32_t type = 0;
  Bytes data;
};

template <class T>
void append_numbers(std::vector<double>& numbers, Bytes data) {
  for (std::size_t i = 0; i + sizeof(T) <= data.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, data.data() + i, sizeof value);
    numbers.push_back(static_cast<double>(value));
  }
}

/// The numbers of an element; MATLAB stores doubles in the smallest type that holds them. Nothing for other types.
std::optional<std::vector<double>> numbers_of(const Element& element) {
  std::vector<double> numbers;
  const auto read = [&]<class T>(T) { append_numbers<T>(numbers, element.data); };
  switch (element.type) {
    case kInt8:
      read(std::int8_t{});
      break;
    case kUint8:
      read(std::uint8_t{});
      break;
    case kInt16:
      read(std::int16_t{});
      break;
    case kUint16:
      read(std::uint16_t{});
      break;
    case kInt32:
      read(std::int32_t{});
      break;
    case kUint32:
      read(std::uint32_t{});
      break;
    case kSingle:
      read(float{});
      break;
    case kDouble:
      read(double{});
      break;
    case kInt64:
      read(std::int64_t{});
      break;
    case kUint64:
      read(std::uint64_t{});
      break;
    default:
      return std::nullopt;
  }
  return numbers;
}

std::vector<std::uint8_t> inflate_variable(Bytes packed, const std::string& path) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) fail_in(path, "zlib cannot be started");
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
  if (state == Z_OK) fail_in(path, text("a variable takes more than ", human_bytes(kLargestVariable)));
  if (state != Z_STREAM_END)
    fail_in(path, "the file is damaged or ends early (its compressed data cannot be unpacked)");
  return out;
}

}  // namespace

struct MatArray::Source {
  std::string path;
  std::vector<std::uint8_t> bytes;
};

/// Walks over data elements that follow one another.
class MatArray::Elements {
 public:
  Elements(Bytes bytes, std::string path) : rest_(bytes), path_(std::move(path)) {}

  bool at_end() const { return rest_.empty(); }

  Element next() {
    if (rest_.size() < 8) cut_off();
    std::uint32_t tag[2];
    std::memcpy(tag, rest_.data(), sizeof tag);
    const std::uint32_t short_size = tag[0] >> 16;
    if (short_size != 0) {  // the short form: type and size in one word, up to four bytes of data in the next
      if (short_size > 4) fail_in(path_, "the file is damaged: a short element is longer than four bytes");
      const Element element{tag[0] & 0xffff, rest_.subspan(4, short_size)};
      rest_ = rest_.subspan(8);
      return element;
    }
    if (tag[1] > rest_.size() - 8) cut_off();
    const Element element{tag[0], rest_.subspan(8, tag[1])};
    const std::size_t padded = tag[0] == kCompressed ? tag[1] : (std::size_t{tag[1]} + 7) / 8 * 8;
    rest_ = rest_.subspan(std::min(rest_.size(), 8 + padded));
    return element;
  }

  Element next(std::uint32_t type, std::string_view what) {
    const Element element = next();
    if (element.type != type) fail_in(path_, text("the file is damaged: expected ", what));
    return element;
  }

  Bytes rest() const { return rest_; }

 private:
  [[noreturn]] void cut_off() const { fail_in(path_, "the file is damaged or ends early"); }

  Bytes rest_;
  std::string path_;
};

MatArray::MatArray(std::shared_ptr<const Source> source, Bytes bytes) : source_(std::move(source)) {
  // An empty matrix may be written as an element without any content.
  kind_ = Kind::numbers;
  if (bytes.empty()) return;
  Elements elements(bytes, source_->path);
  const Element flags = elements.next(kUint32, "an array's flags");
  if (flags.data.size() < 2) fail("the file is damaged: an array's flags are too short");
  const std::uint8_t array_class = flags.data[0];
  complex_ = (flags.data[1] & kComplexFlag) != 0;
  if (array_class == kCellClass) {
    kind_ = Kind::cell;
  } else if (array_class == kStructClass) {
    kind_ = Kind::structure;
  } else if (array_class < kFirstNumberClass || array_class > kLastNumberClass) {
    kind_ = Kind::other;
  }
  const std::vector<double> sides = *numbers_of(elements.next(kInt32, "an array's dimensions"));
  if (sides.size() != 2 || sides[0] < 0 || sides[1] < 0) fail("an array has dimensions that are not understood");
  rows_ = static_cast<std::int64_t>(sides[0]);
  columns_ = static_cast<std::int64_t>(sides[1]);
  const Element name = elements.next(kInt8, "an array's name");
  name_.assign(name.data.begin(), name.data.end());
  content_ = elements.rest();
}

void MatArray::fail(const std::string& what) const { fail_in(source_->path, what); }

MatArray MatArray::read(const std::filesystem::path& path, std::string_view name) {
  const std::vector<std::uint8_t> file = read_file(path);
  const std::string place = path.string();
  const std::string_view start(reinterpret_cast<const char*>(file.data()),
                               std::min<std::size_t>(file.size(), kHeaderSize));
  if (start.starts_with("MATLAB 7.3")) {
    fail_in(place, "this MATLAB file is of version 7.3, which is not built in; in MATLAB, save it again with -v7");
  }
  if (start.size() < kHeaderSize || !start.ends_with("\x01IM")) {
    fail_in(place, "this is no MATLAB 5 file (the kind that ShanghaiTech's annotations are), or its start is missing");
  }
  Elements elements(Bytes(file).subspan(kHeaderSize), place);
  while (!elements.at_end()) {
    Element element = elements.next();
    auto source = std::make_shared<Source>();
    source->path = place;
    if (element.type == kCompressed) {
      source->bytes = inflate_variable(element.data, place);
      element = Elements(source->bytes, place).next();
    } else {
      source->bytes.assign(element.data.begin(), element.data.end());
      element.data = source->bytes;
    }
    if (element.type != kMatrix) continue;
    MatArray array(source, element.data);
    if (array.name_ == name) return array;
  }
  fail_in(place, text("it has no variable '", name, "'"));
}

MatArray MatArray::first_cell() const {
  if (kind_ != Kind::cell || rows_ * columns_ == 0) fail(text("'", name_, "' is no cell array with something in it"));
  return {source_, Elements(content_, source_->path).next(kMatrix, "an array in a cell").data};
}

MatArray MatArray::field(std::string_view name) const {
  if (kind_ != Kind::structure || rows_ * columns_ == 0)
    fail(text("there is no structure with the field '", name, "'"));
  Elements elements(content_, source_->path);
  const std::vector<double> length = *numbers_of(elements.next(kInt32, "the length of field names"));
  const Element names = elements.next(kInt8, "field names");
  if (length.size() != 1 || length[0] < 1) fail("the file is damaged: the length of its field names");
  const auto step = static_cast<std::size_t>(length[0]);
  for (std::size_t i = 0; i + step <= names.data.size(); i += step) {
    const MatArray value(source_, elements.next(kMatrix, "a field's array").data);
    const std::string_view padded(reinterpret_cast<const char*>(names.data.data() + i), step);
    if (padded.substr(0, padded.find('\0')) == name) return value;
  }
  fail(text("a structure has no field '", name, "'"));
}

std::vector<double> MatArray::numbers() const {
  if (kind_ != Kind::numbers || complex_) fail("there is something else where real numbers are expected");
  if (rows_ * columns_ == 0) return {};
  auto found = numbers_of(Elements(content_, source_->path).next());
  if (!found) fail("there is something else where numbers are expected");
  if (static_cast<std::int64_t>(found->size()) != rows_ * columns_) {
    fail(text("a matrix of ", rows_, " x ", columns_, " has ", std::int64_t(found->size()),
              " numbers; the file is damaged"));
  }
  return *std::move(found);
}

}  // namespace throng
