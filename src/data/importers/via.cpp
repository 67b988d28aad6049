#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/complaint.h"
#include "data/importers/csv.h"
#include "data/importers/image_list.h"
#include "data/importers/json_file.h"
#include "data/importers/layouts.h"
#include "data/importers/shapes.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// The pictures of a project, or the export, which is nothing else.
const AnnotationJson& pictures_of(const AnnotationJson& root) {
  return root.is_object() && root.contains("_via_img_metadata") ? root["_via_img_metadata"] : root;
}

bool is_via_file(const JsonFile& file) {
  const AnnotationJson& pictures = pictures_of(file.root());
  return pictures.is_object() && !pictures.empty() && pictures.begin()->contains("filename") &&
         pictures.begin()->contains("regions");
}

bool is_via_csv(const fs::path& path) {
  try {
    const auto rows = read_csv(path);
    return !rows.empty() && rows[0].contains("filename") && rows[0].contains("region_shape_attributes");
  } catch (const Error&) {
    return false;  // some other table
  }
}

std::string label_of(const AnnotationJson& attributes) {
  if (!attributes.is_object()) return "";
  for (const char* key : {"label", "class", "name", "type"}) {
    if (attributes.contains(key)) return JsonFile::name(attributes[key]);
  }
  return attributes.size() == 1 ? JsonFile::name(*attributes.begin()) : "";
}

/// Two lists of as many numbers, and some.
bool same_length(const AnnotationJson& x, const AnnotationJson& y) {
  return x.is_array() && y.is_array() && x.size() == y.size() && !x.empty();
}

AnnotationJson parse_cell(const fs::path& path, const std::string& cell) {
  AnnotationJson value = AnnotationJson::parse(cell, nullptr, false);
  if (value.is_discarded()) throw Error(ErrorKind::input, text(path.string(), ": '", cell, "' is not valid JSON"));
  return value;
}

/// Gathers pictures and their regions. VIA does not say how large a picture is.
class ViaReader {
 public:
  void read(const JsonFile& file) {
    for (const AnnotationJson& picture : pictures_of(file.root())) {
      Annotated annotated;
      annotated.file = file.path();
      annotated.named = file.string(picture, "filename", "a picture");
      // VIA 1 numbers the regions as keys of an object, VIA 2 has a list; going over the values is the same for both.
      if (picture.contains("regions")) {
        for (const AnnotationJson& region : picture["regions"]) add_region(file, region, annotated);
      }
      pictures.push_back(std::move(annotated));
    }
  }

  /// A line for each region, and one for a picture without any.
  void read_table(const fs::path& path) {
    std::map<std::string, std::size_t> index;
    for (const auto& row : read_csv(path)) {
      const std::string& name = row.at("filename");
      const auto [place, fresh] = index.emplace(name, pictures.size());
      if (fresh) {
        pictures.emplace_back();
        pictures.back().file = path;
        pictures.back().named = name;
      }
      const AnnotationJson shape = parse_cell(path, row.at("region_shape_attributes"));
      const auto attributes = row.find("region_attributes");
      const std::string label = attributes == row.end() ? "" : label_of(parse_cell(path, attributes->second));
      if (!shape.empty()) add_shape(path, shape, label, pictures[place->second]);
    }
  }

  std::vector<Annotated> pictures;
  Complaint lines;

 private:
  void add_region(const JsonFile& file, const AnnotationJson& region, Annotated& picture) {
    const std::string where = text("a region of ", picture.named);
    if (!region.is_object() || !region.contains("shape_attributes"))
      file.fail(text(where, " has no \"shape_attributes\""));
    const std::string label = region.contains("region_attributes") ? label_of(region["region_attributes"]) : "";
    add_shape(file.path(), region["shape_attributes"], label, picture);
  }

  void add_shape(const fs::path& path, const AnnotationJson& shape, const std::string& label, Annotated& picture) {
    const auto number = [&](const AnnotationJson& value) {
      if (!value.is_number()) {
        throw Error(ErrorKind::input,
                    text(path.string(), ": a region of ", picture.named, " has a place that is no number"));
      }
      return value.get<double>();
    };
    const auto has = [&](const char* x, const char* y) { return shape.contains(x) && shape.contains(y); };
    const std::string kind = shape.contains("name") ? JsonFile::name(shape["name"]) : "";
    if (kind == "polyline" || kind == "line") {
      lines.add(picture.named);
    } else if (has("cx", "cy")) {
      picture.add({number(shape["cx"]), number(shape["cy"])}, label);
    } else if (has("x", "y") && has("width", "height")) {
      picture.add({number(shape["x"]) + number(shape["width"]) / 2, number(shape["y"]) + number(shape["height"]) / 2},
                  label);
    } else if (has("all_points_x", "all_points_y") && same_length(shape["all_points_x"], shape["all_points_y"])) {
      std::vector<Point> outline;
      for (std::size_t i = 0; i < shape["all_points_x"].size(); ++i) {
        outline.push_back({number(shape["all_points_x"][i]), number(shape["all_points_y"][i])});
      }
      picture.add(centre_of(outline), label);
    } else {
      throw Error(ErrorKind::input, text(path.string(), ": a region of ", picture.named, " has the unknown shape '",
                                         kind, "'; understood are point, rect, circle, ellipse, polygon"));
    }
  }
};

}  // namespace

Manifest import_via(const ImportRequest& request) {
  ViaReader reader;
  for_each_json_file(request.folder, is_via_file, [&](const JsonFile& file) { reader.read(file); });
  for (const fs::path& path : list_files(request.folder, ".csv", true)) {
    if (is_via_csv(path)) reader.read_table(path);
  }
  reader.lines.report(request.reporter, "with lines, which are passed over (a line is no person)");
  return make_tool_manifest(request, std::move(reader.pictures),
                            text(request.folder.string(),
                                 " has no file of the VGG Image Annotator: a project or an "
                                 "export, JSON or CSV"));
}

bool is_via(const fs::path& folder) {
  if (any_json_file(folder, is_via_file)) return true;
  constexpr std::size_t kLookedAt = 10;
  std::vector<fs::path> tables = list_files(folder, ".csv", true);
  tables.resize(std::min(tables.size(), kLookedAt));
  return std::ranges::any_of(tables, is_via_csv);
}

}  // namespace throng
