#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/annotation_text.h"
#include "data/importers/complaint.h"
#include "data/importers/dots.h"
#include "data/importers/file_pairs.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"
#include "data/importers/text_lines.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// The split of each picture, by its stem. trainval repeats training and validation, and stands in for them.
std::map<std::string, std::string> read_sets(const fs::path& folder) {
  std::map<std::string, std::string> splits;
  for (const auto& [file, split] : {std::pair("training.txt", "train"), std::pair("validation.txt", "val"),
                                    std::pair("test.txt", "test"), std::pair("trainval.txt", "train")}) {
    if (!fs::exists(folder / file)) continue;
    for (const TextLine& line : read_lines(folder / file))
      splits.emplace(fs::path(line.content).stem().string(), split);
  }
  return splits;
}

/// The points of the text file, or the dots where there is none; where there are both, they must agree in number.
void read_vehicles(const fs::path& images, Annotated& picture, const std::string& stem) {
  const fs::path dots = images / (stem + "dots.png");
  if (picture.file.extension() == ".txt") {
    picture.points = read_annotation_text(picture.file);
    if (fs::exists(dots)) picture.stated = static_cast<std::int64_t>(read_dots(dots).size());
  } else {
    picture.points = read_dots(dots);
  }
}

/// A picture that is missing is as large as its mask.
void take_size_of_mask(Annotated& picture) {
  if (picture.roi.extension() != ".mat") return;
  const MatArray mask = MatArray::read(picture.roi, "BW");
  picture.width = static_cast<int>(mask.columns());
  picture.height = static_cast<int>(mask.rows());
}

}  // namespace

Manifest import_trancos(const ImportRequest& request) {
  const fs::path images = request.folder / "images";
  const std::map<std::string, std::string> splits = read_sets(request.folder / "image_sets");
  std::vector<Annotated> pictures;
  Complaint unlisted;
  for (const FilePair& pair : pair_files(images, images, "", {".txt", "dots.png"})) {
    if (pair.stem.ends_with("mask")) continue;
    const auto split = splits.find(pair.stem);
    if (split == splits.end()) {
      unlisted.add(pair.image.string());
      continue;
    }
    Annotated picture = annotated_pair(pair, split->second, images / (pair.stem + ".txt (or dots.png)"));
    read_vehicles(images, picture, pair.stem);
    picture.roi = first_there(images, {pair.stem + "mask.mat", pair.stem + "mask.png"});
    if (!fs::exists(picture.image)) take_size_of_mask(picture);
    pictures.push_back(std::move(picture));
  }
  unlisted.report(request.reporter, "in none of the lists of image_sets, left out");
  return make_manifest(request, "trancos", std::move(pictures),
                       text(request.folder.string(),
                            " has no images/NAME.jpg with NAME.txt or NAMEdots.png that "
                            "image_sets/training.txt, validation.txt or test.txt lists"));
}

bool is_trancos(const fs::path& folder) {
  return fs::is_directory(folder / "images") &&
         !first_there(folder / "image_sets", {"training.txt", "validation.txt", "test.txt", "trainval.txt"}).empty();
}

}  // namespace throng
