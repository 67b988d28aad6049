#include "data/manifest.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "core/checksum.h"
#include "core/file.h"
#include "core/text.h"
#include "data/importers/text_lines.h"
#include "data/json_problem.h"
#include "throng/error.h"

namespace throng {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr std::int64_t kLargestSide = 1'000'000;
constexpr std::array<std::string_view, 2> kHeaderFields{"throng_manifest", "name"};
constexpr std::array<std::string_view, 11> kEntryFields{"image",     "width", "height", "points",      "split", "group",
                                                        "annotated", "count", "roi",    "perspective", "labels"};

using OtherFields = std::vector<std::pair<std::string, std::string>>;

/// The fields of a line that are not `ours`, in their order.
OtherFields other_fields(const ordered_json& object, std::span<const std::string_view> ours) {
  OtherFields others;
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(ours, key) == ours.end()) others.emplace_back(key, value.dump());
  }
  return others;
}

void add_fields(ordered_json& object, const OtherFields& others) {
  for (const auto& [key, value] : others) object[key] = ordered_json::parse(value);
}

/// Reads the lines of one file and knows where it is, for messages.
class ManifestReader {
 public:
  explicit ManifestReader(const fs::path& path) : path_(path), folder_(path.parent_path()), lines_(read_lines(path)) {}

  Manifest read() {
    Manifest manifest;
    for (const TextLine& line : lines_) {
      line_ = line.number;
      if (&line == &lines_.front()) {
        read_header(line.content, manifest);
      } else {
        manifest.entries.push_back(read_entry(parse(line.content)));
      }
    }
    if (lines_.empty()) fail("the file is empty; a manifest begins with a line {\"throng_manifest\":1,\"name\":...}");
    return manifest;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::input, text(path_.string(), ":", std::max<std::int64_t>(line_, 1), ": ", what));
  }

  ordered_json parse(std::string_view line) const {
    ordered_json object;
    try {
      object = ordered_json::parse(line);
    } catch (const nlohmann::json::exception& problem) {
      fail(text("this line is not valid JSON (", json_problem(problem), ")"));
    }
    if (!object.is_object()) fail("expected a JSON object, {...}, on this line");
    return object;
  }

  void read_header(std::string_view line, Manifest& manifest) const {
    const ordered_json header = line.starts_with('{') ? parse(line) : ordered_json::object();
    if (!header.contains("throng_manifest")) {
      fail(
          "this is no manifest: its first line must be {\"throng_manifest\":1,\"name\":...}; `throng data import` "
          "writes one");
    }
    const ordered_json& version = header["throng_manifest"];
    if (version != kVersion) {
      fail(text("this manifest has format ", version.dump(), ", but this program reads format ", kVersion));
    }
    manifest.name = string_field(header, "name", false);
    manifest.other_fields = other_fields(header, kHeaderFields);
  }

  ManifestEntry read_entry(const ordered_json& object) const {
    ManifestEntry entry;
    const std::string image = string_field(object, "image", true);
    if (image.empty()) fail("\"image\" is empty");
    entry.image = (folder_ / fs::path(image)).lexically_normal();
    entry.width = side_field(object, "width");
    entry.height = side_field(object, "height");
    entry.split = string_field(object, "split", true);
    entry.group = string_field(object, "group", false);
    const auto points = object.find("points");
    if (points == object.end()) fail("\"points\" is missing (an image without people has [])");
    if (!points->is_array()) fail("\"points\" must be a list of [x, y] pairs");
    entry.points.reserve(points->size());
    for (const ordered_json& point : *points) entry.points.push_back(read_point(point, entry.points.size()));
    read_optional(object, entry);
    entry.other_fields = other_fields(object, kEntryFields);
    return entry;
  }

  /// What only some data sets know.
  void read_optional(const ordered_json& object, ManifestEntry& entry) const {
    if (const auto count = object.find("count"); count != object.end()) {
      if (!count->is_number_integer() || *count < 0) fail("\"count\" must be a whole number of people");
      entry.count = count->get<std::int64_t>();
    }
    entry.annotated = !entry.count;
    if (const auto annotated = object.find("annotated"); annotated != object.end()) {
      if (!annotated->is_boolean()) fail("\"annotated\" must be true or false");
      entry.annotated = annotated->get<bool>();
    }
    if (!entry.annotated && !entry.points.empty()) {
      fail("this image has points although it is not annotated; remove \"annotated\" and \"count\", or the points");
    }
    entry.roi = path_field(object, "roi");
    entry.perspective = path_field(object, "perspective");
    const auto labels = object.find("labels");
    if (labels == object.end()) return;
    if (!labels->is_object()) fail("\"labels\" must be an object of strings, such as {\"weather\":\"fog\"}");
    for (const auto& [key, value] : labels->items()) entry.labels[key] = string_field(*labels, key.c_str(), true);
  }

  fs::path path_field(const ordered_json& object, const char* key) const {
    const std::string name = string_field(object, key, false);
    return name.empty() ? fs::path() : (folder_ / fs::path(name)).lexically_normal();
  }

  Point read_point(const ordered_json& point, std::size_t index) const {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number()) {
      fail(text("point ", index, " must be [x, y], two numbers"));
    }
    return {point[0].get<double>(), point[1].get<double>()};
  }

  std::string string_field(const ordered_json& object, const char* key, bool required) const {
    const auto found = object.find(key);
    if (found == object.end()) {
      if (required) fail(text("\"", key, "\" is missing"));
      return {};
    }
    if (!found->is_string()) fail(text("\"", key, "\" must be a string"));
    return found->get<std::string>();
  }

  int side_field(const ordered_json& object, const char* key) const {
    const auto found = object.find(key);
    if (found == object.end()) fail(text("\"", key, "\" is missing"));
    const bool fits = found->is_number_integer() && *found >= 1 && *found <= kLargestSide;
    if (!fits) fail(text("\"", key, "\" must be a whole number of pixels from 1 to ", kLargestSide));
    return found->get<int>();
  }

  fs::path path_;
  fs::path folder_;
  std::vector<TextLine> lines_;
  std::int64_t line_ = 0;
};

/// How the manifest names an image: relative when it lies below the manifest's folder.
std::string written_path(const fs::path& image, const fs::path& folder) {
  const fs::path absolute = fs::absolute(image).lexically_normal();
  const fs::path relative = absolute.lexically_relative(folder);
  if (relative.empty() || *relative.begin() == "..") return absolute.generic_string();
  return relative.generic_string();
}

std::string dump(const ordered_json& object, std::string_view what) {
  try {
    return object.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::input, text("the name ", what, " is not valid UTF-8, which a manifest needs; rename it"));
  }
}

std::string written_entry(const ManifestEntry& entry, const fs::path& folder) {
  ordered_json object;
  object["image"] = written_path(entry.image, folder);
  object["width"] = entry.width;
  object["height"] = entry.height;
  ordered_json points = ordered_json::array();
  for (const Point& point : entry.points) points.push_back({point.x, point.y});
  object["points"] = std::move(points);
  object["split"] = entry.split;
  if (!entry.group.empty()) object["group"] = entry.group;
  // A line with a count is not annotated unless it says so.
  if (!entry.annotated || entry.count) object["annotated"] = entry.annotated;
  if (entry.count) object["count"] = *entry.count;
  if (!entry.roi.empty()) object["roi"] = written_path(entry.roi, folder);
  if (!entry.perspective.empty()) object["perspective"] = written_path(entry.perspective, folder);
  if (!entry.labels.empty()) object["labels"] = entry.labels;
  add_fields(object, entry.other_fields);
  return dump(object, entry.image.string());
}

}  // namespace

std::optional<std::int64_t> ManifestEntry::people() const {
  if (annotated) return static_cast<std::int64_t>(points.size());
  return count;
}

std::vector<ManifestEntry> Manifest::split(const std::string& which) const {
  std::vector<ManifestEntry> found;
  std::map<std::string, int> others;
  for (const ManifestEntry& entry : entries) {
    if (entry.split == which) {
      found.push_back(entry);
    } else {
      ++others[entry.split];
    }
  }
  if (!found.empty()) return found;
  std::vector<std::string> names;
  for (const auto& [split, count] : others) names.push_back(text("'", split, "' (", quantity(count, "image"), ")"));
  throw Error(ErrorKind::usage, text("the manifest ", name.empty() ? "" : "'" + name + "' ", "has no images in split '",
                                     which, "'; it has ", names.empty() ? "no images at all" : join(names, ", ")));
}

Manifest read_manifest(const fs::path& path) { return ManifestReader(path).read(); }

void write_manifest(const Manifest& manifest, const fs::path& path) {
  const fs::path folder = fs::absolute(path).lexically_normal().parent_path();
  ordered_json header;
  header["throng_manifest"] = kVersion;
  header["name"] = manifest.name;
  add_fields(header, manifest.other_fields);
  AtomicFile file(path);
  file.write(dump(header, manifest.name) + "\n");
  for (const ManifestEntry& entry : manifest.entries) file.write(written_entry(entry, folder) + "\n");
  file.commit();
}

std::string manifest_sha256(const fs::path& path) { return sha256_of_file(path); }

}  // namespace throng
