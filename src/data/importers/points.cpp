#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/annotation_text.h"
#include "data/importers/dots.h"
#include "data/importers/image_list.h"
#include "data/importers/layouts.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDots = "dots.png";

/// NAME.txt, NAME.csv, NAME_dots.png or NAMEdots.png beside the picture; empty when there is none.
fs::path annotation_of(const fs::path& image) {
  fs::path found;
  for (const char* ending : {".txt", ".csv", "_dots.png", "dots.png"}) {
    const fs::path annotation = image.parent_path() / (image.stem().string() + ending);
    if (!fs::exists(annotation)) continue;
    if (!found.empty()) {
      throw Error(ErrorKind::input, text(image.string(), " has two annotations, ", found.filename().string(), " and ",
                                         annotation.filename().string(), "; remove one"));
    }
    found = annotation;
  }
  return found;
}

/// Dot pictures are annotations, not pictures of the data set.
std::vector<fs::path> list_photos(const fs::path& folder, std::int64_t* drawings = nullptr) {
  std::vector<fs::path> images = list_images(folder, true, drawings);
  std::erase_if(images, [](const fs::path& path) { return path.filename().string().ends_with(kDots); });
  return images;
}

std::vector<Point> read_points(const fs::path& annotation) {
  return annotation.extension() == ".png" ? read_dots(annotation) : read_annotation_text(annotation);
}

constexpr std::string_view kExpected = "NAME.txt or NAME.csv with \"x y\" lines, or NAME_dots.png, beside NAME.jpg";

std::vector<fs::path> photos_of(const ImportRequest& request) {
  std::int64_t drawings = 0;
  std::vector<fs::path> images = list_photos(request.folder, &drawings);
  if (drawings > 0) {
    request.reporter.note(text("passed over ", quantity(drawings, "drawing"), ", which Throng made of other pictures"));
  }
  if (images.empty()) {
    throw Error(ErrorKind::input,
                text("there are no pictures in the folder ", request.folder.string(), "; expected ", kExpected));
  }
  return images;
}

/// Which picture each annotation belongs to; one that could be of two pictures is nobody's.
class Owners {
 public:
  void add(const fs::path& annotation, const fs::path& image) {
    const auto [owner, first] = images_.emplace(annotation, image);
    if (first) return;
    throw Error(ErrorKind::input,
                text(annotation.string(), " may belong to ", owner->second.filename().string(), " or to ",
                     image.filename().string(), "; rename one of the two pictures, or take it away"));
  }

 private:
  std::map<fs::path, fs::path> images_;
};

}  // namespace

Manifest import_points(const ImportRequest& request) {
  const std::vector<fs::path> images = photos_of(request);
  std::vector<Annotated> pictures;
  Owners owners;
  for (const fs::path& image : images) {
    Annotated picture{image};
    picture.file = annotation_of(image);
    picture.split = "train";
    if (picture.file.empty()) {
      request.reporter.warning(
          text(image.string(), " is left out: there is no ", image.stem().string(), ".txt or .csv beside it"));
      continue;
    }
    owners.add(picture.file, image);
    picture.points = read_points(picture.file);
    pictures.push_back(std::move(picture));
  }
  return make_manifest(
      request, name_of_folder(request.folder), std::move(pictures),
      text("the folder ", request.folder.string(), " has ", quantity(std::int64_t(images.size()), "picture"),
           " but no annotations; expected ", kExpected));
}

bool is_points(const fs::path& folder) {
  const std::vector<fs::path> images = list_photos(folder);
  return std::ranges::any_of(images, [](const fs::path& image) { return !annotation_of(image).empty(); });
}

}  // namespace throng
