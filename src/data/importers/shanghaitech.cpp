#include <string>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/annotation_text.h"
#include "data/importers/file_pairs.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// image_info{1}.location, N x 2 numbers; some copies hold the structure without its cell.
std::vector<Point> read_mat_annotation(const fs::path& path) {
  MatArray info = MatArray::read(path, "image_info");
  if (info.kind() == MatArray::Kind::cell) info = info.first_cell();
  return info.field("location").points("image_info{1}.location");
}

std::vector<Point> read_annotation(const fs::path& path) {
  return path.extension() == ".mat" ? read_mat_annotation(path) : read_annotation_text(path);
}

void add_half(const fs::path& half, std::string_view split, std::vector<Annotated>& pictures) {
  const fs::path annotations = first_there(half, {"ground_truth", "ground-truth"});
  if (annotations.empty() && !fs::is_directory(half / "images")) {
    throw Error(ErrorKind::input, text(half.string(), " has no folder images"));
  }
  const std::vector<FilePair> pairs = pair_files(half / "images", annotations, "GT_", {".mat", ".txt", ".csv"});
  if (pairs.empty()) throw Error(ErrorKind::input, text((half / "images").string(), " has no pictures"));
  if (annotations.empty()) {
    throw Error(ErrorKind::input,
                text(half.string(), " has no folder ground_truth (or ground-truth) with GT_NAME.mat files"));
  }
  for (const FilePair& pair : pairs) {
    Annotated picture = annotated_pair(pair, split, annotations / text("GT_", pair.stem, ".mat (or .txt, .csv)"));
    picture.points = read_annotation(pair.annotation);
    pictures.push_back(std::move(picture));
  }
}

std::string name_of(const fs::path& folder) {
  std::string name = name_of_folder(folder);
  if (name.starts_with("part_A")) return "shanghaitech_a";
  if (name.starts_with("part_B")) return "shanghaitech_b";
  return name;
}

}  // namespace

Manifest import_shanghaitech(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  for (const std::string_view split : {"train", "test"}) {
    const fs::path half = request.folder / text(split, "_data");
    if (fs::is_directory(half)) add_half(half, split, pictures);
  }
  return make_manifest(request, name_of(request.folder), std::move(pictures),
                       text(request.folder.string(),
                            " has neither train_data nor test_data; give the folder of one part, such as part_A_final, "
                            "that holds train_data/images and train_data/ground_truth"));
}

bool is_shanghaitech(const fs::path& folder) {
  for (const char* half : {"train_data", "test_data"}) {
    if (!first_there(folder / half, {"images", "ground_truth", "ground-truth"}).empty()) return true;
  }
  return false;
}

}  // namespace throng
