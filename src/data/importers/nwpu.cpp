#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/file_pairs.h"
#include "data/importers/image_list.h"
#include "data/importers/json_file.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"
#include "data/importers/text_lines.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// What the ground truth of a picture says, wherever it was found.
struct Truth {
  fs::path file;
  std::vector<Point> points;
  std::optional<std::int64_t> stated;
};

/// "7", "0007", "0007.jpg" and "images/0007.jpg" are all picture 0007.
std::string id_of(std::string_view word) {
  std::string stem = fs::path(word).stem().string();
  const bool number = !stem.empty() && std::ranges::all_of(stem, [](char c) { return c >= '0' && c <= '9'; });
  if (number && stem.size() < 4) stem.insert(0, 4 - stem.size(), '0');
  return stem;
}

fs::path list_of(const fs::path& folder, const std::string& split) {
  return first_there(folder, {split + ".txt", "NWPU_list_" + split + ".txt"});
}

/// The data set is shipped in parts: images_part1 to images_part5, which some put together into one folder images.
std::map<std::string, fs::path> find_images(const fs::path& folder) {
  std::map<std::string, fs::path> images;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory() || !entry.path().filename().string().starts_with("images")) continue;
    for (const fs::path& path : list_images(entry.path(), false)) images.emplace(id_of(path.filename().string()), path);
  }
  return images;
}

/// A line of ..._gt_loc.txt: "id n" and n times "x y sigma_s sigma_l level"; some copies hold "x y" alone.
Truth read_located_line(const fs::path& path, const TextLine& line, const std::vector<std::string>& words) {
  std::int64_t stated = -1;
  const bool counted = words.size() >= 2 && parse_number(words[1], stated) && stated >= 0;
  const std::size_t rest = words.size() - std::min<std::size_t>(2, words.size());
  const bool pairs = rest % 2 == 0 && std::int64_t(rest / 2) == stated;
  if (!counted || (!pairs && rest % 5 != 0)) {
    throw Error(ErrorKind::input,
                text(place_of(path, line), "expected \"id n\" and n times \"x y sigma_s sigma_l level\""));
  }
  Truth truth{path, {}, stated};
  for (std::size_t i = 2; i < words.size(); i += pairs ? 2 : 5) {
    Point point;
    if (!parse_number(words[i], point.x) || !parse_number(words[i + 1], point.y)) {
      throw Error(ErrorKind::input,
                  text(place_of(path, line), "'", words[i], "' and '", words[i + 1], "' are not two numbers x and y"));
    }
    truth.points.push_back(point);
  }
  return truth;
}

std::map<std::string, Truth> read_located(const fs::path& folder) {
  std::map<std::string, Truth> truths;
  for (const fs::path& path : list_files(folder, "gt_loc.txt", false)) {
    for (const TextLine& line : read_lines(path)) {
      const std::vector<std::string> words = words_of(line.content);
      truths.emplace(id_of(words[0]), read_located_line(path, line, words));
    }
  }
  return truths;
}

/// {"img_id": "0001.jpg", "human_num": 1, "points": [[x, y]], "boxes": [[x1, y1, x2, y2]]}
Truth read_json_truth(const fs::path& path) {
  const JsonFile file(path);
  Truth truth{path, {}, {}};
  for (const AnnotationJson& point : file.list(file.root(), "points", "the picture")) {
    truth.points.push_back(file.point(point, text("point ", std::int64_t(truth.points.size()))));
  }
  if (file.root().contains("human_num")) {
    truth.stated = file.whole(file.root(), "human_num", "the picture");
  }
  return truth;
}

/// The ground truth: JSON before MATLAB before the lists of positions; nothing where there is none.
std::optional<Truth> find_truth(const fs::path& folder, const std::string& id,
                                const std::map<std::string, Truth>& located) {
  if (const fs::path json = folder / "jsons" / (id + ".json"); fs::exists(json)) return read_json_truth(json);
  if (const fs::path mat = folder / "mats" / (id + ".mat"); fs::exists(mat)) {
    return Truth{mat, MatArray::read(mat, "annPoints").points("annPoints"), {}};
  }
  const auto found = located.find(id);
  return found == located.end() ? std::nullopt : std::optional(found->second);
}

class NwpuReader {
 public:
  explicit NwpuReader(const fs::path& folder)
      : folder_(folder), images_(find_images(folder)), located_(read_located(folder)) {}

  void read_list(const fs::path& list, const std::string& split, std::vector<Annotated>& pictures) const {
    for (const TextLine& line : read_lines(list)) {
      const std::vector<std::string> words = words_of(line.content);
      Annotated picture{image_of(id_of(words[0]))};
      picture.split = split;
      if (words.size() > 2) picture.labels = {{"level", words[1]}, {"scene", words[2]}};
      add_truth(picture, id_of(words[0]), place_of(list, line));
      pictures.push_back(std::move(picture));
    }
  }

 private:
  fs::path image_of(const std::string& id) const {
    const auto found = images_.find(id);
    return found == images_.end() ? folder_ / "images" / (id + ".jpg") : found->second;
  }

  void add_truth(Annotated& picture, const std::string& id, const std::string& place) const {
    std::optional<Truth> truth = find_truth(folder_, id, located_);
    if (truth) {
      picture.file = truth->file;
      picture.points = std::move(truth->points);
      picture.stated = truth->stated;
    } else if (picture.split == "test") {
      picture.annotated = false;
    } else {
      throw Error(ErrorKind::input, text(place, "there is no ground truth of picture ", id, "; expected ",
                                         (folder_ / "jsons" / (id + ".json")).string(), ", mats/", id,
                                         ".mat or a line in NWPU_", picture.split, "_gt_loc.txt"));
    }
  }

  fs::path folder_;
  std::map<std::string, fs::path> images_;
  std::map<std::string, Truth> located_;
};

}  // namespace

Manifest import_nwpu(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  const std::string nothing = text(request.folder.string(),
                                   " has none of the lists train.txt, val.txt and test.txt (or NWPU_list_train.txt and "
                                   "its like) with a picture's number in each line");
  if (!fs::is_directory(request.folder)) throw Error(ErrorKind::input, nothing);
  const NwpuReader reader(request.folder);
  for (const std::string split : {"train", "val", "test"}) {
    if (const fs::path list = list_of(request.folder, split); !list.empty()) reader.read_list(list, split, pictures);
  }
  return make_manifest(request, "nwpu_crowd", std::move(pictures), nothing);
}

bool is_nwpu(const fs::path& folder) {
  const bool listed =
      !list_of(folder, "train").empty() || !list_of(folder, "val").empty() || !list_of(folder, "test").empty();
  return listed && (!first_there(folder, {"jsons", "mats", "images_part1", "NWPU_list_train.txt", "NWPU_list_val.txt",
                                          "NWPU_list_test.txt"})
                         .empty() ||
                    !list_files(folder, "gt_loc.txt", false).empty());
}

}  // namespace throng
