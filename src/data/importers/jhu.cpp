#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/file_pairs.h"
#include "data/importers/layouts.h"
#include "data/importers/text_lines.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// A line of image_labels.txt: "0001,230,marathon,2,0".
struct ImageLabels {
  std::int64_t count = 0;
  std::map<std::string, std::string> labels;
};

std::string weather_called(const std::string& code) {
  constexpr std::array<std::string_view, 4> kWeather = {"none", "fog", "rain", "snow"};
  std::int64_t number = 0;
  const bool known = parse_number(code, number) && number >= 0 && number < std::int64_t(kWeather.size());
  return known ? std::string(kWeather[static_cast<std::size_t>(number)]) : code;
}

std::map<std::string, ImageLabels> read_image_labels(const fs::path& path) {
  std::map<std::string, ImageLabels> all;
  if (!fs::exists(path)) return all;
  for (const TextLine& line : read_lines(path)) {
    std::vector<std::string> fields = split(line.content, ',');
    for (std::string& field : fields) field = trim(field);
    ImageLabels image;
    if (fields.size() < 4 || !parse_number(fields[1], image.count)) {
      throw Error(ErrorKind::input, text(place_of(path, line), "expected \"name,count,scene,weather,distractor\""));
    }
    image.labels["scene"] = fields[2];
    image.labels["weather"] = weather_called(fields[3]);
    if (fields.size() > 4) image.labels["distractor"] = fields[4] == "0" ? "no" : "yes";
    all[fs::path(fields[0]).stem().string()] = std::move(image);
  }
  return all;
}

/// Lines "x y w h occlusion blur": the head's centre and size.
std::vector<Point> read_heads(const fs::path& path) {
  std::vector<Point> points;
  for (const TextLine& line : read_lines(path)) {
    const std::vector<std::string> words = words_of(line.content);
    Point point;
    if (words.size() < 2 || !parse_number(words[0], point.x) || !parse_number(words[1], point.y)) {
      throw Error(ErrorKind::input, text(place_of(path, line), "expected \"x y w h occlusion blur\""));
    }
    points.push_back(point);
  }
  return points;
}

/// The benchmark's three levels.
std::string level_of(std::size_t people) { return people <= 50 ? "low" : people <= 500 ? "medium" : "high"; }

void add_part(const fs::path& part, const std::string& split, std::vector<Annotated>& pictures) {
  const std::map<std::string, ImageLabels> labels = read_image_labels(part / "image_labels.txt");
  for (const FilePair& pair : pair_files(part / "images", part / "gt", "", {".txt"})) {
    Annotated picture = annotated_pair(pair, split, part / "gt" / (pair.stem + ".txt"));
    picture.points = read_heads(pair.annotation);
    if (const auto found = labels.find(pair.stem); found != labels.end()) {
      picture.stated = found->second.count;
      picture.labels = found->second.labels;
    }
    picture.labels["level"] = level_of(picture.points.size());
    pictures.push_back(std::move(picture));
  }
}

}  // namespace

Manifest import_jhu(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  for (const std::string split : {"train", "val", "test"}) add_part(request.folder / split, split, pictures);
  return make_manifest(
      request, "jhu_crowd", std::move(pictures),
      text(request.folder.string(), " has no folder train, val or test with images/NAME.jpg and gt/NAME.txt"));
}

bool is_jhu(const fs::path& folder) {
  for (const char* split : {"train", "val", "test"}) {
    if (fs::exists(folder / split / "image_labels.txt") || fs::is_directory(folder / split / "gt")) return true;
  }
  return false;
}

}  // namespace throng
