#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/complaint.h"
#include "data/importers/json_file.h"
#include "data/importers/layouts.h"
#include "data/importers/shapes.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

bool is_labelme_file(const JsonFile& file) {
  const AnnotationJson& root = file.root();
  return root.is_object() && root.contains("shapes") && root["shapes"].is_array();
}

/// One shape: a point, several points, a circle by its centre, anything that encloses an area by its middle. False for
/// lines, which are no people.
bool add_shape(const JsonFile& file, const AnnotationJson& shape, const std::string& where, Annotated& picture) {
  const std::string label = shape.contains("label") ? JsonFile::name(shape["label"]) : "";
  const std::string type = shape.contains("shape_type") ? JsonFile::name(shape["shape_type"]) : "polygon";
  std::vector<Point> points;
  for (const AnnotationJson& point : file.list(shape, "points", where))
    points.push_back(file.point(point, text("a point of ", where)));
  if (points.empty()) file.fail(text(where, " has no points"));
  if (type == "point" || type == "points") {
    for (const Point& point : points) picture.add(point, label);
  } else if (type == "circle") {
    picture.add(points[0], label);
  } else if (type == "line" || type == "linestrip") {
    return false;
  } else {
    picture.add(centre_of(points), label);
  }
  return true;
}

}  // namespace

Manifest import_labelme(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  Complaint lines;
  for_each_json_file(request.folder, is_labelme_file, [&](const JsonFile& file) {
    Annotated picture;
    picture.file = file.path();
    if (file.root().contains("imagePath")) picture.named = JsonFile::name(file.root()["imagePath"]);
    if (picture.named.empty()) picture.named = file.path().stem().string() + ".jpg";
    picture.width = JsonFile::side(file.root(), "imageWidth");
    picture.height = JsonFile::side(file.root(), "imageHeight");
    std::int64_t number = 0;
    for (const AnnotationJson& shape : file.root()["shapes"]) {
      if (!add_shape(file, shape, text("shape ", number++), picture)) lines.add(file.path().string());
    }
    pictures.push_back(std::move(picture));
  });
  lines.report(request.reporter, "with lines, which are passed over (a line is no person)");
  return make_tool_manifest(request, std::move(pictures),
                            text(request.folder.string(), " has no labelme file, NAME.json with \"shapes\""));
}

bool is_labelme(const fs::path& folder) { return any_json_file(folder, is_labelme_file); }

}  // namespace throng
