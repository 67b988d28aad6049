#include "data/importers/annotation_text.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/text.h"
#include "data/importers/text_lines.h"
#include "throng/error.h"

namespace throng {
namespace {

/// Fields between commas, semicolons or tabs; where there are none of these, between spaces. Quotes are dropped.
std::vector<std::string> fields_of(std::string_view line) {
  const std::size_t separator = line.find_first_of(",;\t");
  std::vector<std::string> fields;
  for (const std::string& part : split(line, separator == std::string_view::npos ? ' ' : line[separator])) {
    std::string_view field = trim(part);
    if (field.empty() && separator == std::string_view::npos) continue;
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    fields.emplace_back(field);
  }
  return fields;
}

class AnnotationText {
 public:
  explicit AnnotationText(const std::filesystem::path& path) : path_(path) {}

  std::vector<Point> read() {
    std::vector<Point> points;
    bool first = true;
    for (const TextLine& line : read_lines(path_)) {
      if (line.content.front() == '#') continue;
      line_ = line.number;
      const std::vector<std::string> fields = fields_of(line.content);
      if (!(first && read_header(fields))) points.push_back(read_point(fields));
      first = false;
    }
    return points;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::input, text(path_.string(), ":", line_, ": ", what));
  }

  /// Whether the fields name columns, x and y among them; remembers where these are.
  bool read_header(const std::vector<std::string>& fields) {
    const auto column = [&](char name) {
      return std::find_if(fields.begin(), fields.end(),
                          [name](const std::string& field) { return lower_case(field) == std::string_view(&name, 1); });
    };
    if (column('x') == fields.end() || column('y') == fields.end()) return false;
    x_ = static_cast<std::size_t>(column('x') - fields.begin());
    y_ = static_cast<std::size_t>(column('y') - fields.begin());
    columns_ = fields.size();
    return true;
  }

  Point read_point(const std::vector<std::string>& fields) const {
    if (fields.size() != columns_) {
      fail(text("expected ", columns_, " numbers, found ", fields.size(),
                columns_ == 2 ? " fields; give \"x y\" in pixels, or a first line that names the columns" : " fields"));
    }
    Point point;
    if (!parse_number(fields[x_], point.x) || !parse_number(fields[y_], point.y)) {
      fail(text("'", fields[x_], "' and '", fields[y_], "' are not two numbers x and y"));
    }
    return point;
  }

  std::filesystem::path path_;
  std::size_t columns_ = 2;
  std::size_t x_ = 0;
  std::size_t y_ = 1;
  std::int64_t line_ = 0;
};

}  // namespace

std::vector<Point> read_annotation_text(const std::filesystem::path& path) { return AnnotationText(path).read(); }

}  // namespace throng
