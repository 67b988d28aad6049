#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/image_list.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTrainFrames = 800;  ///< the usual division: the first 800 frames train, the others test

std::string frame_name(std::size_t number) {
  const std::string digits = text(std::int64_t(number));
  return text("seq_", std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0'), digits, ".jpg");
}

/// frame{i}.loc, the heads of frame i, from 1.
std::vector<Annotated> read_frames(const fs::path& folder) {
  const fs::path file = folder / "mall_gt.mat";
  const MatArray frames = MatArray::read(file, "frame");
  const MatArray counts = MatArray::read(file, "count");
  const std::vector<double> stated = counts.numbers();
  std::vector<Annotated> pictures;
  for (const MatArray& frame : frames.cells()) {
    const std::size_t number = pictures.size() + 1;
    Annotated picture{folder / "frames" / frame_name(number)};
    picture.file = file;
    picture.points = frame.field("loc").points(text("frame{", std::int64_t(number), "}.loc"));
    picture.split = number <= kTrainFrames ? "train" : "test";
    if (number <= stated.size()) picture.stated = static_cast<std::int64_t>(stated[number - 1]);
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

/// The region of interest and the perspective are the same for all frames, and so is the size.
void add_camera(const fs::path& file, std::vector<Annotated>& pictures) {
  const MatArray mask = MatArray::read(file, "roi").field("mask");
  for (Annotated& picture : pictures) {
    picture.width = static_cast<int>(mask.columns());
    picture.height = static_cast<int>(mask.rows());
    picture.roi = file;
    picture.perspective = file;
  }
}

}  // namespace

Manifest import_mall(const ImportRequest& request) {
  const std::string nothing =
      text(request.folder.string(), " has no mall_gt.mat beside a folder frames with seq_000001.jpg and so on");
  if (!fs::exists(request.folder / "mall_gt.mat")) throw Error(ErrorKind::input, nothing);
  std::vector<Annotated> pictures = read_frames(request.folder);
  if (const fs::path camera = request.folder / "perspective_roi.mat"; fs::exists(camera)) add_camera(camera, pictures);
  return make_manifest(request, "mall", std::move(pictures), nothing);
}

bool is_mall(const fs::path& folder) { return fs::exists(folder / "mall_gt.mat"); }

}  // namespace throng
