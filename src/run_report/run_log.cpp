#include "run_report/run_log.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/file.h"
#include "core/text.h"

namespace throng {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// A part of a line; null where there is none.
const Json& part(const Json& object, const std::string& name) {
  static const Json kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

double number_of(const Json& line, const std::string& group, const std::string& number) {
  const Json& object = group.empty() ? line : part(line, group);
  if (!object.is_object()) return kNone;
  const Json& value = part(object, number);
  return value.is_number() ? value.get<double>() : kNone;
}

}  // namespace

RunLog::RunLog(const std::filesystem::path& metrics) {
  if (!std::filesystem::exists(metrics)) return;
  for (const std::string& line : split(read_text_file(metrics), '\n')) {
    Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object()) lines_.push_back(std::move(json));
  }
}

std::vector<std::string> RunLog::numbers(const std::string& group) const {
  std::vector<std::string> names;
  for (const Json& line : lines_) {
    const Json& object = group.empty() ? line : part(line, group);
    if (!object.is_object()) continue;
    for (const auto& [name, value] : object.items()) {
      if (value.is_number()) add_new(names, name);
    }
  }
  return names;
}

std::vector<std::string> RunLog::groups() const {
  std::vector<std::string> names;
  for (const Json& line : lines_) {
    for (const auto& [name, value] : line.items()) {
      if (value.is_object()) add_new(names, name);
    }
  }
  return names;
}

Series RunLog::series(const std::string& group, const std::string& number) const {
  Series series{number, {}, {}, {}};
  for (const Json& line : lines_) {
    series.x.push_back(number_of(line, "", "epoch"));
    series.y.push_back(number_of(line, group, number));
  }
  return series;
}

Series RunLog::present(const std::string& group, const std::string& number) const {
  const Series all = series(group, number);
  Series series{number, {}, {}, {}};
  for (std::size_t i = 0; i < all.x.size(); ++i) {
    if (!std::isfinite(all.y[i])) continue;
    series.x.push_back(all.x[i]);
    series.y.push_back(all.y[i]);
  }
  return series;
}

}  // namespace throng
