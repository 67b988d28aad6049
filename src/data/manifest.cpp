#include "data/manifest.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/checksum.h"
#include "core/draw.h"
#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr std::int64_t kLargestSide = 1'000'000;

/// Reads the lines of one file and knows where it is, for messages.
class ManifestReader {
 public:
  explicit ManifestReader(const fs::path& path)
      : path_(path), folder_(path.parent_path()), content_(read_text_file(path)) {}

  Manifest read() {
    Manifest manifest;
    std::string_view rest = content_;
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    bool header = false;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = trim(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      ++line_;
      if (line.empty()) continue;
      if (!header) {
        manifest.name = read_header(line);
        header = true;
      } else {
        manifest.entries.push_back(read_entry(parse(line)));
      }
    }
    if (!header) fail("the file is empty; a manifest begins with a line {\"throng_manifest\":1,\"name\":...}");
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
      fail(text("this line is not valid JSON (", problem.what(), ")"));
    }
    if (!object.is_object()) fail("expected a JSON object, {...}, on this line");
    return object;
  }

  std::string read_header(std::string_view line) const {
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
    return string_field(header, "name", false);
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
    return entry;
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
  std::string content_;
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
  return dump(object, entry.image.string());
}

}  // namespace

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
  for (const auto& [split, count] : others) names.push_back(text("'", split, "' (", count, " images)"));
  throw Error(ErrorKind::usage, text("the manifest ", name.empty() ? "" : "'" + name + "' ", "has no images in split '",
                                     which, "'; it has ", names.empty() ? "no images at all" : join(names, ", ")));
}

Manifest read_manifest(const fs::path& path) { return ManifestReader(path).read(); }

void write_manifest(const Manifest& manifest, const fs::path& path) {
  const fs::path folder = fs::absolute(path).lexically_normal().parent_path();
  ordered_json header;
  header["throng_manifest"] = kVersion;
  header["name"] = manifest.name;
  AtomicFile file(path);
  file.write(dump(header, manifest.name) + "\n");
  for (const ManifestEntry& entry : manifest.entries) file.write(written_entry(entry, folder) + "\n");
  file.commit();
}

std::string manifest_sha256(const fs::path& path) { return sha256_of_file(path); }

void split_manifest(Manifest& manifest, const std::string& from, const std::string& to, double share,
                    std::uint64_t seed) {
  if (!(share > 0 && share < 1)) {
    throw Error(ErrorKind::usage, text("a split's share is ", share, "; give a number between 0 and 1, such as 0.1"));
  }
  const auto there = std::ranges::count(manifest.entries, to, &ManifestEntry::split);
  if (there > 0) {
    throw Error(ErrorKind::usage,
                text("split '", to, "' has ", there, " images already; splitting again would move more"));
  }
  const auto images = static_cast<double>(manifest.split(from).size());
  // Groups in the order in which they first appear; an entry without a group is one of its own.
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> group_of;
  for (std::size_t i = 0; i < manifest.entries.size(); ++i) {
    const ManifestEntry& entry = manifest.entries[i];
    if (entry.split != from) continue;
    std::size_t group = groups.size();
    if (!entry.group.empty()) group = group_of.emplace(entry.group, group).first->second;
    if (group == groups.size()) groups.emplace_back();
    groups[group].push_back(i);
  }
  // Whole groups are moved, in random order, wherever the next one still fits; at least one, and never all of them.
  const auto wanted = std::max<std::int64_t>(1, static_cast<std::int64_t>(share * images + 0.5));
  std::int64_t moved = 0;
  std::size_t groups_left = groups.size();
  for (const std::int64_t index : Draw(seed, "split").permutation(static_cast<std::int64_t>(groups.size()))) {
    const auto& group = groups[static_cast<std::size_t>(index)];
    const bool fits = moved + static_cast<std::int64_t>(group.size()) <= wanted;
    if (!fits || groups_left == 1) continue;
    for (const std::size_t i : group) manifest.entries[i].split = to;
    moved += static_cast<std::int64_t>(group.size());
    --groups_left;
  }
  if (moved == 0) {
    throw Error(ErrorKind::usage, text("split '", from, "' cannot be divided: its ", manifest.split(from).size(),
                                       " images form ", groups.size(), groups.size() == 1 ? " group" : " groups",
                                       " of which none fits into a share of ", share));
  }
}

}  // namespace throng
