#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/file_pairs.h"
#include "data/importers/image_list.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

struct Half {
  fs::path images;
  fs::path annotations;  ///< empty when there are none
};

/// train_data/{train_img, train_gt}; the test half's boxes lie in test_bbox_anno or test_gt.
Half half_of(const fs::path& folder, const std::string& split) {
  const fs::path data = folder / (split + "_data");
  return {data / (split + "_img"), first_there(data, {split + "_gt", split + "_bbox_anno", split + "_bbox"})};
}

/// What files of one picture have in common: IMG_0001.png, GT_0001.mat, GT_IMG_0001.mat and BBOX_0001.mat are "0001".
std::string key_of(const fs::path& file) {
  std::string key = file.stem().string();
  for (const std::string_view prefix : {"GT_", "BBOX_", "IMG_"}) {
    if (key.starts_with(prefix)) key.erase(0, prefix.size());
  }
  return key;
}

void add_half(const Half& half, const std::string& split, std::vector<Annotated>& pictures) {
  std::map<std::string, FilePair> pairs;
  if (fs::is_directory(half.images)) {
    for (const fs::path& path : list_images(half.images, false)) pairs[key_of(path)] = {path, {}, key_of(path)};
  }
  for (const fs::path& path : list_files(half.annotations, ".mat", false)) {
    FilePair& pair = pairs[key_of(path)];
    if (pair.image.empty()) pair.image = half.images / text("IMG_", key_of(path), ".png");
    pair.annotation = path;
  }
  for (const auto& [key, pair] : pairs) {
    Annotated picture = annotated_pair(pair, split, half.annotations / text("GT_", key, ".mat"));
    const MatArray heads = MatArray::read(pair.annotation, {"point", "points", "bbox"});
    picture.points = heads.points(heads.name());
    pictures.push_back(std::move(picture));
  }
}

}  // namespace

Manifest import_shanghaitech_rgbd(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  for (const std::string split : {"train", "test"}) {
    const Half half = half_of(request.folder, split);
    if (!half.annotations.empty()) {
      add_half(half, split, pictures);
    } else if (fs::is_directory(half.images)) {
      throw Error(ErrorKind::input, text("the annotations of ", half.images.string(), " are missing; expected ", split,
                                         "_gt (or ", split, "_bbox_anno) beside it"));
    }
  }
  return make_manifest(request, "shanghaitech_rgbd", std::move(pictures),
                       text(request.folder.string(),
                            " has no train_data/train_img with train_data/train_gt, and no "
                            "test_data/test_img with test_data/test_bbox_anno"));
}

bool is_shanghaitech_rgbd(const fs::path& folder) {
  return std::ranges::any_of(std::array{"train", "test"}, [&](const std::string& split) {
    const Half half = half_of(folder, split);
    return !half.annotations.empty() || fs::is_directory(half.images);
  });
}

}  // namespace throng
