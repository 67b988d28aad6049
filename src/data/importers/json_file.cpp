#include "data/importers/json_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/file.h"
#include "core/text.h"
#include "data/importers/image_list.h"
#include "data/json_problem.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// Keys whose values may be large and are of no use here: outlines, run lengths, pictures in base64.
bool is_ballast(const AnnotationJson& key) {
  constexpr std::array<std::string_view, 4> kBallast = {"segmentation", "imageData", "rle", "mask"};
  return key.is_string() && std::ranges::find(kBallast, key.get_ref<const std::string&>()) != kBallast.end();
}

AnnotationJson parse(const fs::path& path) {
  const std::string content = read_text_file(path);
  const auto keep = [](int, AnnotationJson::parse_event_t event, AnnotationJson& value) {
    return event != AnnotationJson::parse_event_t::key || !is_ballast(value);
  };
  try {
    return AnnotationJson::parse(content, keep);
  } catch (const nlohmann::json::exception& problem) {
    throw Error(ErrorKind::input, text(path.string(), " is not valid JSON (", json_problem(problem), ")"));
  }
}

}  // namespace

JsonFile::JsonFile(fs::path path) : path_(std::move(path)), root_(parse(path_)) {}

void JsonFile::fail(std::string_view what) const { throw Error(ErrorKind::input, text(path_.string(), ": ", what)); }

const AnnotationJson& JsonFile::member(const AnnotationJson& object, const char* key, std::string_view where) const {
  if (!object.is_object() || !object.contains(key)) fail(text(where, " has no \"", key, "\""));
  return object.at(key);
}

const AnnotationJson& JsonFile::list(const AnnotationJson& object, const char* key, std::string_view where) const {
  const AnnotationJson& value = member(object, key, where);
  if (!value.is_array()) fail(text("\"", key, "\" of ", where, " must be a list"));
  return value;
}

double JsonFile::number(const AnnotationJson& object, const char* key, std::string_view where) const {
  const AnnotationJson& value = member(object, key, where);
  if (!value.is_number()) fail(text("\"", key, "\" of ", where, " must be a number"));
  return value.get<double>();
}

std::int64_t JsonFile::whole(const AnnotationJson& object, const char* key, std::string_view where) const {
  const double value = number(object, key, where);
  // Some writers turn whole numbers into 7.0; beyond 2^53 nobody counts.
  if (value != std::floor(value) || std::abs(value) > 9e15) {
    fail(text("\"", key, "\" of ", where, " must be a whole number"));
  }
  return static_cast<std::int64_t>(value);
}

std::string JsonFile::string(const AnnotationJson& object, const char* key, std::string_view where) const {
  const AnnotationJson& value = member(object, key, where);
  if (!value.is_string()) fail(text("\"", key, "\" of ", where, " must be a string"));
  return value.get<std::string>();
}

Point JsonFile::point(const AnnotationJson& pair, std::string_view where) const {
  if (!pair.is_array() || pair.size() < 2 || !pair[0].is_number() || !pair[1].is_number()) {
    fail(text(where, " must be [x, y], two numbers"));
  }
  return {pair[0].get<double>(), pair[1].get<double>()};
}

int JsonFile::side(const AnnotationJson& object, const char* key) {
  constexpr double kLargest = 1e9;
  if (!object.is_object() || !object.contains(key) || !object.at(key).is_number()) return 0;
  const double value = object.at(key).get<double>();
  return value >= 1 && value <= kLargest ? static_cast<int>(value) : 0;
}

std::string JsonFile::name(const AnnotationJson& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number() ? value.dump() : "";
}

bool any_json_file(const fs::path& folder, bool (*fits)(const JsonFile& file)) {
  constexpr std::size_t kLookedAt = 10;
  std::vector<fs::path> paths = list_files(folder, ".json", true);
  paths.resize(std::min(paths.size(), kLookedAt));
  return std::ranges::any_of(paths, [fits](const fs::path& path) {
    try {
      return fits(JsonFile(path));
    } catch (const Error&) {
      return false;  // another file may still be one
    }
  });
}

void for_each_json_file(const fs::path& folder, bool (*fits)(const JsonFile& file),
                        const std::function<void(const JsonFile&)>& receive) {
  for (const fs::path& path : list_files(folder, ".json", true)) {
    const JsonFile file(path);
    if (fits(file)) receive(file);
  }
}

}  // namespace throng
