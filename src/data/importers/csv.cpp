#include "data/importers/csv.h"

#include <string_view>

#include "core/text.h"
#include "data/importers/text_lines.h"
#include "throng/error.h"

namespace throng {
namespace {

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool doubled = quoted && line.substr(i, 2) == "\"\"";
    if (doubled) {
      fields.back() += '"';
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

}  // namespace

std::vector<std::map<std::string, std::string>> read_csv(const std::filesystem::path& path) {
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> columns;
  for (const TextLine& line : read_lines(path)) {
    const std::vector<std::string> fields = fields_of(line.content);
    if (columns.empty()) {
      columns = fields;
      if (columns[0].starts_with('#')) columns[0].erase(0, 1);
      continue;
    }
    if (fields.size() != columns.size()) {
      throw Error(ErrorKind::input,
                  text(place_of(path, line), "expected ", columns.size(), " fields, found ", fields.size()));
    }
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < fields.size(); ++i) row[columns[i]] = fields[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace throng
