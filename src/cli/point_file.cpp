#include "cli/point_file.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/config.h"
#include "core/csv.h"
#include "core/file.h"
#include "core/text.h"
#include "data/manifest.h"
#include "throng/error.h"

namespace throng {

namespace {

/// The split of pictures whose points are counted, and the field of the first line that says so.
constexpr char kPredicted[] = "predicted";

/// Cut, not rounded: a point stays inside its picture.
double hundredths(float value) { return std::floor(double{value} * 100) / 100; }

/// The field of the first line that tells whether somebody has corrected the points since.
constexpr char kCountedPoints[] = "points_sha256";

/// SHA-256 over what a person corrects: the pictures' sizes and points.
std::string points_sha256(const Manifest& manifest) {
  std::string all;
  for (const ManifestEntry& entry : manifest.entries) {
    all += text(entry.width, ' ', entry.height, '\n');
    for (const Point& point : entry.points) all += text(point.x, ' ', point.y, '\n');
  }
  return sha256(all);
}

/// Hours of work must not be replaced: neither what somebody has corrected nor what has other splits to train on.
void check_nobody_corrected(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || std::filesystem::is_empty(path, error)) return;
  const Manifest manifest = read_manifest(path);
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.split == kPredicted) continue;
    throw Error(ErrorKind::usage, text("'", path.string(), "' has pictures in split '", entry.split,
                                       "', as people make it, and is not replaced: name another file"));
  }
  const auto counted =
      std::ranges::find(manifest.other_fields, kCountedPoints, [](const auto& field) { return field.first; });
  if (counted == manifest.other_fields.end() || counted->second == Json(points_sha256(manifest)).dump()) return;
  throw Error(ErrorKind::usage,
              text("the points of '", path.string(),
                   "' were corrected since they were counted, and are not replaced: name another file"));
}

std::string point_table(std::span<const CountRow> rows) {
  std::string table = csv_line({"path", "x", "y", "confidence"});
  for (const CountRow& row : rows) {
    for (const HeadPoint& point : row.points) {
      table += csv_line({row.path, text(hundredths(point.x)), text(hundredths(point.y)), fixed(point.confidence, 3)});
    }
  }
  return table;
}

Json picture_json(const CountRow& row) {
  if (row.exit_code != 0) return {{"path", row.path}, {"error", row.problem}};
  if (!row.points_problem.empty()) return {{"path", row.path}, {"error", row.points_problem}};
  Json points = Json::array(), confidence = Json::array();
  for (const HeadPoint& point : row.points) {
    points.push_back({hundredths(point.x), hundredths(point.y)});
    confidence.push_back(std::round(double{point.confidence} * 1000) / 1000);
  }
  return {{"path", row.path},
          {"width", row.width},
          {"height", row.height},
          {"points", std::move(points)},
          {"confidence", std::move(confidence)}};
}

/// One line a picture.
std::string point_document(std::span<const CountRow> rows, const CountedBy& by) {
  const auto written = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string document = text(
      "{\"throng_points\":1,\"model\":", written(Json{{"name", by.model}, {"sha256", by.sha256}}), ",\"images\":[");
  const char* separator = "\n";
  for (const CountRow& row : rows) {
    document += separator + written(picture_json(row));
    separator = ",\n";
  }
  return document + "\n]}\n";
}

bool is_utf8(const std::string& word) {
  try {
    return !Json(word).dump().empty();
  } catch (const Json::exception&) {
    return false;
  }
}

ManifestEntry manifest_entry(const CountRow& row) {
  ManifestEntry entry{
      .image = row.path, .width = row.width, .height = row.height, .points = {}, .split = kPredicted, .group = {}};
  for (const HeadPoint& point : row.points) entry.points.push_back({hundredths(point.x), hundredths(point.y)});
  return entry;
}

std::size_t write_point_manifest(const std::filesystem::path& path, std::span<const CountRow> rows, const CountedBy& by,
                                 const Reporter& reporter) {
  Manifest manifest;
  manifest.name = "counted by " + (is_utf8(by.model) ? by.model : "throng");
  std::size_t missing = 0;
  for (const CountRow& row : rows) {
    if (row.exit_code != 0) continue;
    if (!row.points_problem.empty()) {  // it would seem to show nobody
      ++missing;
      continue;
    }
    if (is_utf8(row.path)) {
      manifest.entries.push_back(manifest_entry(row));
    } else {
      reporter.warning(text("'", row.path, "' is missing in '", path.string(),
                            "': its name is not valid UTF-8, which a manifest needs; rename it"));
      ++missing;
    }
  }
  manifest.other_fields = {{kPredicted, "true"}, {kCountedPoints, Json(points_sha256(manifest)).dump()}};
  write_manifest(manifest, path);
  return missing;
}

}  // namespace

PointFormat point_format(const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  if (ending == ".csv") return PointFormat::table;
  if (ending == ".json") return PointFormat::document;
  if (ending == ".jsonl") return PointFormat::manifest;
  throw Error(ErrorKind::usage,
              text("--points: '", path.string(), "' ends in none of .csv (a table), .json and .jsonl (a data set)"));
}

void check_point_file(const std::filesystem::path& path) {
  switch (point_format(path)) {
    case PointFormat::table:
      return check_output(path, OutputKind::point_table);
    case PointFormat::document:
      return check_output(path, OutputKind::point_document);
    case PointFormat::manifest:
      check_output(path, OutputKind::predicted_manifest);
      return check_nobody_corrected(path);
  }
}

std::size_t write_point_file(const std::filesystem::path& path, std::span<const CountRow> rows, const CountedBy& by,
                             const Reporter& reporter) {
  switch (point_format(path)) {
    case PointFormat::table:
      write_file(path, point_table(rows));
      return 0;
    case PointFormat::document:
      write_file(path, point_document(rows, by));
      return 0;
    case PointFormat::manifest:
      return write_point_manifest(path, rows, by, reporter);
  }
  return 0;
}

}  // namespace throng
