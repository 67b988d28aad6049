#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/complaint.h"
#include "data/importers/json_file.h"
#include "data/importers/layouts.h"
#include "data/importers/locate.h"
#include "data/importers/shapes.h"
#include "image/codec.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// A list of tasks: the full export has "data" and "annotations" in each, the small one (JSON_MIN) has neither.
bool is_label_studio_file(const JsonFile& file) {
  const AnnotationJson& root = file.root();
  if (!root.is_array() || root.empty() || !root[0].is_object()) return false;
  return root[0].contains("data") || root[0].contains("annotation_id") || root[0].contains("lead_time");
}

/// The value that names a picture, whatever the labelling configuration calls it.
std::string picture_of(const AnnotationJson& data) {
  if (!data.is_object()) return "";
  std::string name;
  for (const auto& [key, value] : data.items()) {
    if (!value.is_string()) continue;
    const std::vector<std::string> parts = parts_of_name(value.get<std::string>());
    if (key == "image" || (name.empty() && !parts.empty() && has_image_extension(parts.back()))) {
      name = value.get<std::string>();
    }
  }
  return name;
}

bool is_upload_mark(std::string_view name) {
  return name.size() > 9 && name[8] == '-' &&
         std::all_of(name.begin(), name.begin() + 8, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// Undoes what Label Studio does to names: "/data/local-files/?d=crowd/a%20b.jpg" was "crowd/a b.jpg", and
/// "/data/upload/3/0a1b2c3d-a.jpg" was "a.jpg".
std::string original_name(std::string name) {
  if (const std::size_t local = name.find("?d="); local != std::string::npos)
    return percent_decoded(name.substr(local + 3));
  constexpr std::string_view kUpload = "/data/upload/";
  const std::size_t upload = name.find(kUpload);
  if (upload == std::string::npos) return name;
  name = percent_decoded(name.substr(name.rfind('/') + 1));
  return is_upload_mark(name) ? name.substr(9) : name;
}

class TaskReader {
 public:
  TaskReader(const JsonFile& file, std::string where, Annotated& picture)
      : file_(file), where_(std::move(where)), picture_(picture) {}

  /// A region of the full export: {"type": ..., "value": {...}, "original_width": ...}.
  void read_result(const AnnotationJson& result) {
    if (!result.is_object() || !result.contains("value") || !result["value"].is_object()) return;
    const AnnotationJson& value = result["value"];
    if (result.contains("image_rotation") && result["image_rotation"] != 0) turned_ = true;
    read_region(value, result.contains("original_width") ? result : value);
  }

  /// The region itself; x and y and all lengths are percent of the picture's sides. Choices and texts have no place and
  /// are passed over.
  void read_region(const AnnotationJson& value, const AnnotationJson& size) {
    if (value.contains("x") && value.contains("y")) {
      read_size(size);
      picture_.add(share(place_of_region(value)), label_of(value));
    } else if (value.contains("points") && value["points"].is_array() && !value["points"].empty()) {
      read_size(size);
      std::vector<Point> outline;
      for (const AnnotationJson& point : value["points"])
        outline.push_back(file_.point(point, text("a point of ", where_)));
      picture_.add(share(centre_of(outline)), label_of(value));
    }
  }

  bool turned() const { return turned_; }

 private:
  void read_size(const AnnotationJson& size) {
    picture_.width = JsonFile::side(size, "original_width");
    picture_.height = JsonFile::side(size, "original_height");
  }

  static Point share(const Point& percent) { return {percent.x / 100, percent.y / 100}; }

  /// Rectangles turn about their top-left corner, in pixels. Key points have a width too, that of their dot.
  Point place_of_region(const AnnotationJson& value) const {
    const Point corner{file_.number(value, "x", where_), file_.number(value, "y", where_)};
    if (!value.contains("width") || !value.contains("height")) return corner;
    const double right = file_.number(value, "width", where_) / 2;
    const double down = file_.number(value, "height", where_) / 2;
    const double degrees = value.contains("rotation") ? file_.number(value, "rotation", where_) : 0;
    const double aspect = picture_.height > 0 ? double(picture_.width) / picture_.height : 1;
    const double c = std::cos(degrees * std::numbers::pi / 180);
    const double s = std::sin(degrees * std::numbers::pi / 180);
    return {corner.x + right * c - down * s / aspect, corner.y + right * aspect * s + down * c};
  }

  /// {"keypointlabels": ["Person"]}, {"rectanglelabels": [...]}, and so on.
  static std::string label_of(const AnnotationJson& value) {
    for (const auto& [key, labels] : value.items()) {
      if (key.ends_with("labels") && labels.is_array() && !labels.empty()) return JsonFile::name(labels[0]);
    }
    return "";
  }

  const JsonFile& file_;
  std::string where_;
  Annotated& picture_;
  bool turned_ = false;
};

/// What somebody made of a task; of several, the one that is marked as the ground truth, or else the first. Null when
/// nobody has finished it.
const AnnotationJson* chosen_annotation(const AnnotationJson& task, bool& several) {
  const char* key = task.contains("annotations") ? "annotations" : "completions";
  if (!task.contains(key) || !task[key].is_array()) return nullptr;
  const AnnotationJson* chosen = nullptr;
  for (const AnnotationJson& annotation : task[key]) {
    const auto is = [&](const char* flag) { return annotation.contains(flag) && annotation[flag] == true; };
    if (!annotation.is_object() || is("was_cancelled") || !annotation.contains("result")) continue;
    several = several || chosen;
    if (!chosen || is("ground_truth")) chosen = &annotation;
  }
  return chosen;
}

/// Gathers the tasks of all files and what is to be said about them.
class LabelStudio {
 public:
  void read(const JsonFile& file) {
    std::int64_t number = 0;
    for (const AnnotationJson& task : file.root()) read_task(file, task, text("task ", number++));
  }

  void report(const Reporter& reporter) const {
    several_.report(reporter, "annotated by several; the ground truth or the first is taken");
    turned_.report(reporter, "turned while annotating; the points may not fit");
  }

  std::vector<Annotated> pictures;

 private:
  void read_task(const JsonFile& file, const AnnotationJson& task, const std::string& where) {
    Annotated picture;
    picture.file = file.path();
    picture.relative = true;
    const bool full = task.is_object() && task.contains("data");
    picture.named = picture_of(full ? task["data"] : task);
    if (picture.named.empty()) file.fail(text(where, " names no picture"));
    picture.named = original_name(picture.named);
    TaskReader reader(file, where, picture);
    if (full) {
      bool several = false;
      const AnnotationJson* annotation = chosen_annotation(task, several);
      if (several) several_.add(picture.named);
      if (!annotation) return;
      for (const AnnotationJson& result : (*annotation)["result"]) reader.read_result(result);
    } else {
      for (const auto& [key, regions] : task.items()) {
        if (!regions.is_array()) continue;
        for (const AnnotationJson& region : regions) {
          if (region.is_object()) reader.read_region(region, region);
        }
      }
    }
    if (reader.turned()) turned_.add(picture.named);
    pictures.push_back(std::move(picture));
  }

  Complaint several_, turned_;
};

}  // namespace

Manifest import_label_studio(const ImportRequest& request) {
  LabelStudio tasks;
  for_each_json_file(request.folder, is_label_studio_file, [&](const JsonFile& file) { tasks.read(file); });
  tasks.report(request.reporter);
  return make_tool_manifest(request, std::move(tasks.pictures),
                            text(request.folder.string(),
                                 " has no Label Studio export (JSON or JSON_MIN) with an "
                                 "annotated task"));
}

bool is_label_studio(const fs::path& folder) { return any_json_file(folder, is_label_studio_file); }

}  // namespace throng
