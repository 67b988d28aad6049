#include "data/importers/mat_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/file.h"
#include "core/text.h"
#include "data/importers/mat_elements.h"

namespace throng {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kHeaderSize = 128;
/// Far more than any data set has pictures; keeps a hostile file of empty cells from taking gigabytes.
constexpr std::int64_t kMostCells = 1'000'000;

enum ArrayClass : std::uint8_t { kCellClass = 1, kStructClass = 2, kFirstNumberClass = 6, kLastNumberClass = 15 };
constexpr std::uint8_t kComplexFlag = 0x08;

void check_header(Bytes file, const std::string& path) {
  const std::string_view start(reinterpret_cast<const char*>(file.data()), std::min(file.size(), kHeaderSize));
  if (start.starts_with("MATLAB 7.3")) {
    fail_in_mat_file(path,
                     "this MATLAB file is of version 7.3, which is not built in; in MATLAB, save it again with -v7");
  }
  if (start.size() < kHeaderSize || !start.ends_with("\x01IM")) {
    fail_in_mat_file(
        path, "this is no MATLAB 5 file (the kind that ShanghaiTech's annotations are), or its start is missing");
  }
}

}  // namespace

struct MatArray::Source {
  std::string path;
  std::vector<std::uint8_t> bytes;
};

MatArray::MatArray(std::shared_ptr<const Source> source, Bytes bytes) : source_(std::move(source)) {
  // An empty matrix may be written as an element without any content.
  kind_ = Kind::numbers;
  if (bytes.empty()) return;
  MatElements elements(bytes, source_->path);
  const MatElement flags = elements.next(kMatUint32, "an array's flags");
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
  const std::vector<double> sides = *mat_numbers(elements.next(kMatInt32, "an array's dimensions"));
  if (sides.size() != 2 || sides[0] < 0 || sides[1] < 0) fail("an array has dimensions that are not understood");
  rows_ = static_cast<std::int64_t>(sides[0]);
  columns_ = static_cast<std::int64_t>(sides[1]);
  const MatElement name = elements.next(kMatInt8, "an array's name");
  name_.assign(name.data.begin(), name.data.end());
  content_ = elements.rest();
}

void MatArray::fail(std::string_view what) const { fail_in_mat_file(source_->path, what); }

MatArray MatArray::read(const std::filesystem::path& path, std::initializer_list<std::string_view> names) {
  const std::vector<std::uint8_t> file = read_file(path);
  const std::string place = path.string();
  check_header(file, place);
  MatElements elements(Bytes(file).subspan(kHeaderSize), place);
  while (!elements.at_end()) {
    MatElement element = elements.next();
    auto source = std::make_shared<Source>();
    source->path = place;
    if (element.type == kMatCompressed) {
      source->bytes = inflate_mat_variable(element.data, place);
      element = MatElements(source->bytes, place).next();
    } else {
      source->bytes.assign(element.data.begin(), element.data.end());
      element.data = source->bytes;
    }
    if (element.type != kMatMatrix) continue;
    MatArray array(source, element.data);
    if (std::ranges::find(names, array.name_) != names.end()) return array;
  }
  std::vector<std::string> wanted;
  for (const std::string_view name : names) wanted.push_back(text("'", name, "'"));
  fail_in_mat_file(place, text("it has no variable ", join(wanted, " or ")));
}

std::vector<MatArray> MatArray::cells() const {
  if (kind_ != Kind::cell) fail(text("'", name_, "' is no cell array"));
  if (rows_ * columns_ > kMostCells) fail(text("'", name_, "' claims to have ", rows_ * columns_, " cells"));
  std::vector<MatArray> cells;
  MatElements elements(content_, source_->path);
  for (std::int64_t i = 0; i < rows_ * columns_; ++i) {
    cells.push_back({source_, elements.next(kMatMatrix, "an array in a cell").data});
  }
  return cells;
}

MatArray MatArray::first_cell() const {
  if (kind_ != Kind::cell || rows_ * columns_ == 0) fail(text("'", name_, "' is no cell array with something in it"));
  return {source_, MatElements(content_, source_->path).next(kMatMatrix, "an array in a cell").data};
}

MatArray MatArray::field(std::string_view name) const {
  if (kind_ != Kind::structure || rows_ * columns_ == 0)
    fail(text("there is no structure with the field '", name, "'"));
  MatElements elements(content_, source_->path);
  const std::vector<double> length = *mat_numbers(elements.next(kMatInt32, "the length of field names"));
  const MatElement names = elements.next(kMatInt8, "field names");
  if (length.size() != 1 || length[0] < 1) fail("the file is damaged: the length of its field names");
  const auto step = static_cast<std::size_t>(length[0]);
  for (std::size_t i = 0; i + step <= names.data.size(); i += step) {
    const MatArray value(source_, elements.next(kMatMatrix, "a field's array").data);
    const std::string_view padded(reinterpret_cast<const char*>(names.data.data() + i), step);
    if (padded.substr(0, padded.find('\0')) == name) return value;
  }
  fail(text("a structure has no field '", name, "'"));
}

std::vector<double> MatArray::numbers() const {
  if (kind_ != Kind::numbers || complex_) fail("there is something else where real numbers are expected");
  if (rows_ * columns_ == 0) return {};
  auto found = mat_numbers(MatElements(content_, source_->path).next());
  if (!found) fail("there is something else where numbers are expected");
  if (static_cast<std::int64_t>(found->size()) != rows_ * columns_) {
    fail(text("a matrix of ", rows_, " x ", columns_, " has ", std::int64_t(found->size()),
              " numbers; the file is damaged"));
  }
  return *std::move(found);
}

std::vector<Point> MatArray::points(std::string_view what) const {
  const std::vector<double> all = numbers();
  if (all.empty()) return {};
  if (columns_ != 2 && columns_ != 4) {
    fail(text(what, " is ", rows_, " x ", columns_,
              "; expected N x 2, a row x y for each head, or N x 4, boxes x1 y1 x2 y2"));
  }
  const auto count = static_cast<std::size_t>(rows_);
  const auto at = [&](std::size_t row, std::size_t column) { return all[column * count + row]; };
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i) {
    Point point{at(i, 0), at(i, 1)};
    if (columns_ == 4) point = {(point.x + at(i, 2)) / 2, (point.y + at(i, 3)) / 2};
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) {
      fail(text("point ", std::int64_t(i), " of ", what, " is not finite"));
    }
    points.push_back(point);
  }
  return points;
}

}  // namespace throng
