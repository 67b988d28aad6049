#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/file_pairs.h"
#include "data/importers/image_list.h"
#include "data/importers/layouts.h"
#include "data/importers/shapes.h"
#include "data/importers/text_lines.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// What a data set says about its own lines.
struct YoloSettings {
  std::map<std::string, std::string> names;  ///< of classes, by their numbers
  bool key_points = false;                   ///< what follows a box are key points, and lines are no outlines
};

std::string_view unquoted(std::string_view word) {
  word = trim(word);
  const bool quoted = word.size() >= 2 && (word.front() == '"' || word.front() == '\'') && word.back() == word.front();
  return quoted ? word.substr(1, word.size() - 2) : word;
}

/// A line of a list of names: "- a" or "0: a". False where the list has ended.
bool read_yaml_name(std::string_view line, std::map<std::string, std::string>& names) {
  const std::size_t colon = line.find(':');
  std::int64_t number = 0;
  if (line.starts_with("- ")) {
    names[text(names.size())] = unquoted(line.substr(2));
  } else if (colon != std::string_view::npos && parse_number(trim(line.substr(0, colon)), number)) {
    names[text(number)] = unquoted(line.substr(colon + 1));
  } else {
    return false;
  }
  return true;
}

/// "names:" of data.yaml in its three usual forms: ['a', 'b'], lines "- a", lines "0: a". Anything else is left alone,
/// and the classes keep their numbers.
YoloSettings read_yaml(const fs::path& path) {
  YoloSettings settings;
  bool within = false;
  for (const TextLine& line : read_lines(path)) {
    std::string_view content = line.content;
    if (content.starts_with("kpt_shape:")) settings.key_points = true;
    if (within) within = read_yaml_name(content, settings.names);
    if (!content.starts_with("names:")) continue;
    content = trim(content.substr(6));
    within = content.empty();
    if (!content.starts_with('[') || !content.ends_with(']')) continue;
    for (const std::string& name : split(content.substr(1, content.size() - 2), ',')) {
      settings.names[text(settings.names.size())] = unquoted(name);
    }
  }
  return settings;
}

/// From data.yaml, or classes.txt (obj.names), a name a line.
YoloSettings read_settings(const fs::path& folder) {
  if (const fs::path yaml = first_there(folder, {"data.yaml", "dataset.yaml", "data.yml"}); !yaml.empty()) {
    return read_yaml(yaml);
  }
  YoloSettings settings;
  const fs::path list = first_there(folder, {"classes.txt", "labels/classes.txt", "obj.names"});
  if (list.empty()) return settings;
  for (const TextLine& line : read_lines(list)) settings.names[text(settings.names.size())] = line.content;
  return settings;
}

/// labels/train/7.txt for images/train/7.jpg, else the text file beside the picture.
fs::path labels_of(const fs::path& image, const fs::path& folder) {
  const fs::path below = fs::path(image.lexically_relative(folder)).replace_extension(".txt");
  std::vector<fs::path> parts(below.begin(), below.end());
  const auto images = std::find(parts.rbegin(), parts.rend(), fs::path("images"));
  if (images != parts.rend()) {
    *images = "labels";
    fs::path labels = folder;
    for (const fs::path& part : parts) labels /= part;
    if (fs::exists(labels)) return labels;
  }
  const fs::path beside = fs::path(image).replace_extension(".txt");
  return fs::exists(beside) ? beside : fs::path();
}

/// "class cx cy w h" (and a confidence or key points) or "class x1 y1 x2 y2 x3 y3 ...", the outline of a segment; all
/// in shares of the picture's sides.
Point read_place(const fs::path& path, const TextLine& line, const std::vector<std::string>& words, bool key_points) {
  std::vector<double> numbers(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    // Boxes may reach a little over the edge; numbers well above 1 are pixels.
    constexpr double kLargestShare = 2;
    if (!parse_number(words[i], numbers[i])) {
      throw Error(ErrorKind::input, text(place_of(path, line), "'", words[i], "' is no number"));
    }
    if (i > 0 && i < 5 && std::abs(numbers[i]) > kLargestShare) {
      throw Error(ErrorKind::input, text(place_of(path, line), words[i],
                                         " is no share of the picture's side; YOLO's "
                                         "numbers are between 0 and 1, not pixels"));
    }
  }
  if (numbers.size() < 5) {
    throw Error(ErrorKind::input, text(place_of(path, line), "expected \"class cx cy width height\", found ",
                                       numbers.size(), " numbers"));
  }
  const bool outline = !key_points && numbers.size() >= 7 && numbers.size() % 2 == 1;
  if (!outline) return {numbers[1], numbers[2]};
  std::vector<Point> corners;
  for (std::size_t i = 1; i + 1 < numbers.size(); i += 2) corners.push_back({numbers[i], numbers[i + 1]});
  return centre_of(corners);
}

bool looks_like_yolo(const fs::path& labels) {
  for (const TextLine& line : read_lines(labels)) {
    const std::vector<std::string> words = words_of(line.content);
    std::int64_t number = 0;
    return words.size() >= 5 && parse_number(words[0], number);
  }
  return false;
}

}  // namespace

Manifest import_yolo(const ImportRequest& request) {
  const YoloSettings settings = read_settings(request.folder);
  std::vector<Annotated> pictures;
  for (const fs::path& image : list_images(request.folder, true)) {
    Annotated picture{image};
    picture.file = labels_of(image, request.folder);
    picture.relative = true;
    if (picture.file.empty()) continue;
    for (const TextLine& line : read_lines(picture.file)) {
      const std::vector<std::string> words = words_of(line.content);
      const auto name = settings.names.find(words[0]);
      picture.add(read_place(picture.file, line, words, settings.key_points),
                  name == settings.names.end() ? words[0] : name->second);
    }
    pictures.push_back(std::move(picture));
  }
  return make_tool_manifest(request, std::move(pictures),
                            text(request.folder.string(),
                                 " has no pictures with YOLO files: images/NAME.jpg with "
                                 "labels/NAME.txt, or NAME.txt beside NAME.jpg. Without the "
                                 "pictures, relative boxes have no place"));
}

bool is_yolo(const fs::path& folder) {
  constexpr int kLookedAt = 20;
  int looked = 0;
  for (const fs::path& image : list_images(folder, true)) {
    const fs::path labels = labels_of(image, folder);
    if (labels.empty()) continue;
    if (looks_like_yolo(labels)) return true;
    if (++looked == kLookedAt) break;
  }
  return false;
}

}  // namespace throng
