#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/json_file.h"
#include "data/importers/layouts.h"
#include "data/importers/names.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

bool is_coco_file(const JsonFile& file) {
  const AnnotationJson& root = file.root();
  if (!root.is_object() || !root.contains("images") || !root.contains("annotations")) return false;
  const AnnotationJson& annotations = root["annotations"];
  // Captions have the same shape without places.
  return root["images"].is_array() && annotations.is_array() &&
         (annotations.empty() || annotations[0].contains("bbox") || annotations[0].contains("keypoints"));
}

struct Category {
  std::string name;
  std::vector<std::size_t> head;  ///< keypoints that are on top of each other with the head, best first
  std::vector<std::size_t> face;  ///< keypoints whose mean is the head where none of the above is visible
};

Category read_category(const AnnotationJson& value) {
  Category category;
  if (value.contains("name")) category.name = JsonFile::name(value["name"]);
  if (!value.contains("keypoints") || !value["keypoints"].is_array()) return category;
  for (std::size_t i = 0; i < value["keypoints"].size(); ++i) {
    const std::string name = lower_case(JsonFile::name(value["keypoints"][i]));
    if (name == "head" || name == "nose") category.head.push_back(i);
    if (name.find("eye") != std::string::npos || name.find("ear") != std::string::npos) category.face.push_back(i);
  }
  return category;
}

/// Reads one file: its pictures, in order, with their heads.
class CocoReader {
 public:
  explicit CocoReader(const JsonFile& file) : file_(file), split_(split_of_file_name(file.path().stem().string())) {}

  std::vector<Annotated> read() {
    read_categories();
    read_images();
    std::int64_t number = 0;
    for (const AnnotationJson& annotation : file_.root()["annotations"]) add(annotation, text("annotation ", number++));
    return std::move(pictures_);
  }

  std::int64_t crowds() const { return crowds_; }
  bool has_keypoints() const { return has_keypoints_; }

 private:
  void read_categories() {
    if (!file_.root().contains("categories") || !file_.root()["categories"].is_array()) return;
    for (const AnnotationJson& value : file_.root()["categories"]) {
      if (!value.contains("id")) file_.fail("a category has no \"id\"");
      const Category category = read_category(value);
      has_keypoints_ = has_keypoints_ || !category.head.empty() || !category.face.empty();
      categories_[JsonFile::name(value["id"])] = category;
    }
  }

  void read_images() {
    for (const AnnotationJson& image : file_.root()["images"]) {
      const std::string where = text("image ", std::int64_t(pictures_.size()));
      Annotated picture;
      picture.file = file_.path();
      picture.named = file_.string(image, "file_name", where);
      picture.width = JsonFile::side(image, "width");
      picture.height = JsonFile::side(image, "height");
      picture.split = split_;
      if (!image.contains("id")) file_.fail(text(where, " has no \"id\""));
      index_[JsonFile::name(image["id"])] = pictures_.size();
      pictures_.push_back(std::move(picture));
    }
  }

  void add(const AnnotationJson& annotation, const std::string& where) {
    const auto found =
        annotation.contains("image_id") ? index_.find(JsonFile::name(annotation["image_id"])) : index_.end();
    if (found == index_.end()) file_.fail(text(where, " belongs to no image of the file (its \"image_id\")"));
    if (annotation.contains("iscrowd") && annotation["iscrowd"] == 1) {
      ++crowds_;
      return;
    }
    const std::string id = annotation.contains("category_id") ? JsonFile::name(annotation["category_id"]) : "";
    const auto category = categories_.find(id);
    pictures_[found->second].add(
        head_of(annotation, category == categories_.end() ? Category() : category->second, where),
        category == categories_.end() || category->second.name.empty() ? id : category->second.name);
  }

  Point head_of(const AnnotationJson& annotation, const Category& category, const std::string& where) const {
    if (annotation.contains("keypoints")) {
      const AnnotationJson& keypoints = file_.list(annotation, "keypoints", where);
      for (const std::size_t i : category.head) {
        if (const auto seen = keypoint(keypoints, i, where)) return *seen;
      }
      Point sum;
      int count = 0;
      for (const std::size_t i : category.face) {
        const auto seen = keypoint(keypoints, i, where);
        if (!seen) continue;
        sum = {sum.x + seen->x, sum.y + seen->y};
        ++count;
      }
      if (count > 0) return {sum.x / count, sum.y / count};
    }
    const AnnotationJson& box = file_.list(annotation, "bbox", where);
    const Point corner = file_.point(box, text("the corner of the bbox of ", where));
    if (box.size() != 4 || !box[2].is_number() || !box[3].is_number()) {
      file_.fail(text("\"bbox\" of ", where, " must be [x, y, width, height]"));
    }
    return {corner.x + box[2].get<double>() / 2, corner.y + box[3].get<double>() / 2};
  }

  /// x, y, visibility; 0 = not labelled.
  std::optional<Point> keypoint(const AnnotationJson& keypoints, std::size_t i, const std::string& where) const {
    if (keypoints.size() < 3 * i + 3) return std::nullopt;
    for (std::size_t k = 0; k < 3; ++k) {
      if (!keypoints[3 * i + k].is_number()) file_.fail(text("\"keypoints\" of ", where, " must be numbers"));
    }
    if (keypoints[3 * i + 2].get<double>() <= 0) return std::nullopt;
    return Point{keypoints[3 * i].get<double>(), keypoints[3 * i + 1].get<double>()};
  }

  const JsonFile& file_;
  std::string split_;
  std::map<std::string, Category> categories_;
  std::map<std::string, std::size_t> index_;
  std::vector<Annotated> pictures_;
  std::int64_t crowds_ = 0;
  bool has_keypoints_ = false;
};

}  // namespace

Manifest import_coco(const ImportRequest& request) {
  std::vector<Annotated> with_keypoints;
  std::vector<Annotated> with_boxes;
  std::int64_t crowds = 0;
  for_each_json_file(request.folder, is_coco_file, [&](const JsonFile& file) {
    CocoReader reader(file);
    std::vector<Annotated> read = reader.read();
    std::vector<Annotated>& pictures = reader.has_keypoints() ? with_keypoints : with_boxes;
    pictures.insert(pictures.end(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
    crowds += reader.crowds();
  });
  if (crowds > 0) {
    request.reporter.warning(text(crowds, " regions are marked as crowds of unknown number (iscrowd) and passed over"));
  }
  // COCO itself lists the same pictures in instances_... and person_keypoints_...: the latter know where heads are.
  std::vector<Annotated> pictures = std::move(with_keypoints);
  std::set<std::pair<std::string, std::string>> listed;
  for (const Annotated& picture : pictures) listed.emplace(picture.split, picture.named);
  for (Annotated& picture : with_boxes) {
    if (!listed.contains({picture.split, picture.named})) pictures.push_back(std::move(picture));
  }
  return make_tool_manifest(
      request, std::move(pictures),
      text(request.folder.string(), " has no COCO file, a .json with \"images\" and \"annotations\""));
}

bool is_coco(const fs::path& folder) { return any_json_file(folder, is_coco_file); }

}  // namespace throng
