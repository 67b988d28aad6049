#include <algorithm>
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
std::vector<fs::path> list_photos(const fs::path& folder) {
  std::vector<fs::path> images = list_images(folder, true);
  std::erase_if(images, [](const fs::path& path) { return path.filename().string().ends_with(kDots); });
  return images;
}

std::vector<Point> read_points(const fs::path& annotation) {
  return annotation.extension() == ".png" ? read_dots(annotation) : read_annotation_text(annotation);
}

}  // namespace

Manifest import_points(const ImportRequest& request) {
  const std::vector<fs::path> images = list_photos(request.folder);
  std::vector<Annotated> pictures;
  for (const fs::path& image : images) {
    Annotated picture{image};
    picture.file = annotation_of(image);
    picture.split = "train";
    if (picture.file.empty()) {
      request.reporter.warning(
          text(image.string(), " is left out: there is no ", image.stem().string(), ".txt or .csv beside it"));
      continue;
    }
    picture.points = read_points(picture.file);
    pictures.push_back(std::move(picture));
  }
  return make_manifest(
      request, name_of_folder(request.folder), std::move(pictures),
      text("the folder ", request.folder.string(), " has ", std::int64_t(images.size()),
           " pictures, but none with annotations; expected NAME.txt or NAME.csv with \"x y\" lines, or "
           "NAME_dots.png, beside NAME.jpg"));
}

bool is_points(const fs::path& folder) {
  const std::vector<fs::path> images = list_photos(folder);
  return std::ranges::any_of(images, [](const fs::path& image) { return !annotation_of(image).empty(); });
}

}  // namespace throng
