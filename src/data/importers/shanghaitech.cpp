#include "data/importers/shanghaitech.h"

#include <cmath>
#include <string>
#include <utility>

#include "core/text.h"
#include "data/importers/annotation_text.h"
#include "data/importers/image_list.h"
#include "data/importers/mat_file.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

fs::path annotation_folder(const fs::path& half) {
  for (const char* name : {"ground_truth", "ground-truth"}) {
    if (fs::is_directory(half / name)) return half / name;
  }
  throw Error(ErrorKind::input,
              text(half.string(), " has no folder ground_truth (or ground-truth) with GT_NAME.mat files"));
}

/// image_info{1}.location, N x 2 numbers; some copies hold the structure without its cell.
std::vector<Point> read_mat_annotation(const fs::path& path) {
  MatArray info = MatArray::read(path, "image_info");
  if (info.kind() == MatArray::Kind::cell) info = info.first_cell();
  const MatArray location = info.field("location");
  const std::vector<double> numbers = location.numbers();
  if (!numbers.empty() && location.columns() != 2) {
    throw Error(ErrorKind::input, text(path.string(), ": image_info{1}.location is ", location.rows(), " x ",
                                       location.columns(), "; expected N x 2"));
  }
  std::vector<Point> points;
  const std::size_t count = numbers.size() / 2;
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(numbers[i]) || !std::isfinite(numbers[count + i])) {
      throw Error(ErrorKind::input,
                  text(path.string(), ": point ", std::int64_t(i), " of image_info{1}.location is not finite"));
    }
    points.push_back({numbers[i], numbers[count + i]});
  }
  return points;
}

std::vector<Point> read_annotation(const fs::path& folder, const fs::path& image) {
  const std::string stem = "GT_" + image.stem().string();
  if (fs::exists(folder / (stem + ".mat"))) return read_mat_annotation(folder / (stem + ".mat"));
  for (const char* extension : {".txt", ".csv"}) {
    if (fs::exists(folder / (stem + extension))) return read_annotation_text(folder / (stem + extension));
  }
  throw Error(ErrorKind::input, text("the annotation of ", image.string(), " is missing; expected ",
                                     (folder / (stem + ".mat")).string(), " (or .txt, .csv)"));
}

void add_half(Manifest& manifest, const fs::path& half, std::string_view split, const Reporter& reporter) {
  if (!fs::is_directory(half / "images")) throw Error(ErrorKind::input, text(half.string(), " has no folder images"));
  const std::vector<fs::path> images = list_images(half / "images", false);
  if (images.empty()) throw Error(ErrorKind::input, text((half / "images").string(), " has no pictures"));
  const fs::path annotations = annotation_folder(half);
  std::int64_t done = 0;
  for (const fs::path& image : images) {
    reporter.progress(done++, static_cast<std::int64_t>(images.size()), image.filename().string());
    manifest.entries.push_back(make_entry(image, read_annotation(annotations, image), split));
  }
}

std::string name_of(const fs::path& folder) {
  const std::string name = fs::absolute(folder / ".").lexically_normal().parent_path().filename().string();
  if (name.starts_with("part_A")) return "shanghaitech_a";
  if (name.starts_with("part_B")) return "shanghaitech_b";
  return name;
}

}  // namespace

Manifest import_shanghaitech(const fs::path& folder, const Reporter& reporter) {
  Manifest manifest;
  manifest.name = name_of(folder);
  for (const std::string_view split : {"train", "test"}) {
    const fs::path half = folder / text(split, "_data");
    if (fs::is_directory(half)) add_half(manifest, half, split, reporter);
  }
  if (manifest.entries.empty()) {
    throw Error(ErrorKind::input, text(folder.string(),
                                       " has neither train_data nor test_data; give the folder of one part, "
                                       "such as part_A_final, that holds train_data/images and "
                                       "train_data/ground_truth"));
  }
  return manifest;
}

}  // namespace throng
