#include "data/importers/points.h"

#include <optional>
#include <utility>

#include "core/text.h"
#include "data/importers/annotation_text.h"
#include "data/importers/image_list.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// NAME.txt or NAME.csv beside the picture.
std::optional<fs::path> annotation_of(const fs::path& image) {
  std::optional<fs::path> found;
  for (const char* extension : {".txt", ".csv"}) {
    const fs::path annotation = fs::path(image).replace_extension(extension);
    if (!fs::exists(annotation)) continue;
    if (found) {
      throw Error(ErrorKind::input, text(image.string(), " has two annotations, ", found->filename().string(), " and ",
                                         annotation.filename().string(), "; remove one"));
    }
    found = annotation;
  }
  return found;
}

}  // namespace

Manifest import_points(const fs::path& folder, const Reporter& reporter) {
  const std::vector<fs::path> images = list_images(folder, true);
  Manifest manifest;
  manifest.name = fs::absolute(folder / ".").lexically_normal().parent_path().filename().string();
  std::int64_t done = 0;
  for (const fs::path& image : images) {
    reporter.progress(done++, static_cast<std::int64_t>(images.size()), image.filename().string());
    if (const auto annotation = annotation_of(image)) {
      manifest.entries.push_back(make_entry(image, read_annotation_text(*annotation), "train"));
    } else {
      reporter.warning(
          text(image.string(), " is left out: there is no ", image.stem().string(), ".txt or .csv beside it"));
    }
  }
  if (manifest.entries.empty()) {
    throw Error(ErrorKind::input,
                text("the folder ", folder.string(), " has ", std::int64_t(images.size()),
                     " pictures, but none with annotations; expected NAME.txt or NAME.csv with \"x y\" "
                     "lines beside NAME.jpg"));
  }
  return manifest;
}

}  // namespace throng
