#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/complaint.h"
#include "data/importers/image_list.h"
#include "data/importers/layouts.h"
#include "data/importers/names.h"
#include "data/importers/shapes.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// Reads one file: <image>s with their shapes, or <track>s through the frames of a video.
class CvatReader {
 public:
  CvatReader(fs::path path, Complaint& lines) : path_(std::move(path)), lines_(lines) {}

  /// Throws Error(input) when the file is no XML; no pictures when it is of another kind.
  std::vector<Annotated> read() {
    pugi::xml_document document;
    const pugi::xml_parse_result result = document.load_file(path_.c_str());
    if (!result) fail(text("this is not valid XML (", result.description(), ", at byte ", result.offset, ")"));
    const pugi::xml_node root = document.child("annotations");
    for (const pugi::xml_node image : root.children("image")) read_image(image);
    if (root.child("track")) read_video(root);
    return std::move(pictures_);
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(ErrorKind::input, text(path_.string(), ": ", what));
  }

  /// Not pugixml's own conversion, which follows the locale.
  double number(const pugi::xml_node& shape, const char* name) const {
    double value = 0;
    if (!parse_number(trim(shape.attribute(name).value()), value)) {
      fail(text("a ", shape.name(), " has ", name, "=\"", shape.attribute(name).value(), "\", which is no number"));
    }
    return value;
  }

  /// points="x,y;x,y"
  std::vector<Point> points(const pugi::xml_node& shape) const {
    std::vector<Point> points;
    for (const std::string& pair : split(shape.attribute("points").value(), ';')) {
      const std::vector<std::string> numbers = split(pair, ',');
      Point point;
      if (numbers.size() != 2 || !parse_number(trim(numbers[0]), point.x) || !parse_number(trim(numbers[1]), point.y)) {
        fail(text("a ", shape.name(), " has the point \"", pair, "\"; expected \"x,y\""));
      }
      points.push_back(point);
    }
    return points;
  }

  void add_shape(const pugi::xml_node& shape, const std::string& label, Annotated& picture) {
    const std::string_view kind = shape.name();
    if (kind == "points") {
      for (const Point& point : points(shape)) picture.add(point, label);
    } else if (kind == "box") {
      picture.add(
          {(number(shape, "xtl") + number(shape, "xbr")) / 2, (number(shape, "ytl") + number(shape, "ybr")) / 2},
          label);
    } else if (kind == "ellipse") {
      picture.add({number(shape, "cx"), number(shape, "cy")}, label);
    } else if (kind == "mask") {
      picture.add(
          {number(shape, "left") + number(shape, "width") / 2, number(shape, "top") + number(shape, "height") / 2},
          label);
    } else if (kind == "polygon") {
      picture.add(centre_of(points(shape)), label);
    } else if (kind == "polyline" || kind == "cuboid" || kind == "skeleton") {
      lines_.add(text(picture.named, " (", kind, ")"));
    }
  }

  void read_image(const pugi::xml_node& image) {
    Annotated picture;
    picture.file = path_;
    picture.named = image.attribute("name").value();
    if (picture.named.empty()) fail("an image has no name");
    picture.width = side(image.attribute("width").value());
    picture.height = side(image.attribute("height").value());
    picture.split = split_called(image.attribute("subset").value());
    for (const pugi::xml_node shape : image.children()) add_shape(shape, shape.attribute("label").value(), picture);
    pictures_.push_back(std::move(picture));
  }

  /// A track has a shape for each frame, marked outside="1" where the person is not to be seen.
  void read_video(const pugi::xml_node& root) {
    const pugi::xml_node meta = root.child("meta").first_child();  // <task> or <job>
    const pugi::xml_node size = meta.child("original_size");
    std::map<std::int64_t, Annotated> frames;
    const auto frame_at = [&](std::int64_t number) -> Annotated& {
      Annotated& frame = frames[number];
      if (frame.named.empty()) {
        const std::string digits = text(number);
        frame.named = text("frame_", std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0'), digits, ".png");
        frame.file = path_;
        frame.width = side(size.child_value("width"));
        frame.height = side(size.child_value("height"));
        frame.group = text("video_", path_.stem().string());
      }
      return frame;
    };
    for (const pugi::xml_node track : root.children("track")) {
      for (const pugi::xml_node shape : track.children()) {
        std::int64_t number = -1;
        if (!parse_number(shape.attribute("frame").value(), number) || number < 0)
          fail("a shape of a track has no frame");
        Annotated& frame = frame_at(number);
        if (std::string_view(shape.attribute("outside").value()) == "1") continue;
        add_shape(shape, track.attribute("label").value(), frame);
      }
    }
    for (auto& [number, frame] : frames) pictures_.push_back(std::move(frame));
  }

  static int side(const char* value) {
    std::int64_t side = 0;
    constexpr std::int64_t kLargest = 1'000'000'000;
    return parse_number(trim(value), side) && side > 0 && side < kLargest ? static_cast<int>(side) : 0;
  }

  fs::path path_;
  Complaint& lines_;
  std::vector<Annotated> pictures_;
};

}  // namespace

Manifest import_cvat(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  Complaint lines;
  for (const fs::path& path : list_files(request.folder, ".xml", true)) {
    for (Annotated& picture : CvatReader(path, lines).read()) pictures.push_back(std::move(picture));
  }
  lines.report(request.reporter, "with shapes that are no place of a person, passed over");
  return make_tool_manifest(request, std::move(pictures),
                            text(request.folder.string(),
                                 " has no XML file of CVAT (\"CVAT for images\" or \"for "
                                 "video\") with <image> or <track>"));
}

bool is_cvat(const fs::path& folder) {
  for (const fs::path& path : list_files(folder, ".xml", true)) {
    Complaint ignored;
    try {
      if (!CvatReader(path, ignored).read().empty()) return true;
    } catch (const Error&) {
      continue;  // another file may still be one
    }
  }
  return false;
}

}  // namespace throng
