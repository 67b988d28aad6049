#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/complaint.h"
#include "data/importers/file_pairs.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPictures = 50;
constexpr std::int64_t kInFold = 10;

/// The picture's number, or 0 when its name is none.
std::int64_t number_of(const FilePair& pair) {
  std::int64_t number = 0;
  return parse_number(pair.stem, number) && number >= 1 && number <= kPictures ? number : 0;
}

}  // namespace

Manifest import_ucf_cc_50(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  Complaint strangers;
  for (const FilePair& pair : pair_files(request.folder, request.folder, "", {"_ann.mat"})) {
    const std::int64_t number = number_of(pair);
    if (number == 0) {
      strangers.add(pair.image.string());
      continue;
    }
    const std::string fold = text("fold", (number - 1) / kInFold + 1);
    Annotated picture = annotated_pair(pair, fold, request.folder / (pair.stem + "_ann.mat"));
    picture.points = MatArray::read(pair.annotation, "annPoints").points("annPoints");
    pictures.push_back(std::move(picture));
  }
  strangers.report(request.reporter, "left out, for the data set's pictures are called 1.jpg to 50.jpg");
  return make_manifest(request, "ucf_cc_50", std::move(pictures),
                       text(request.folder.string(), " has no pictures 1.jpg to 50.jpg with 1_ann.mat to 50_ann.mat"));
}

bool is_ucf_cc_50(const fs::path& folder) {
  const std::vector<FilePair> pairs = pair_files(folder, folder, "", {"_ann.mat"});
  return std::ranges::any_of(pairs,
                             [](const FilePair& pair) { return !pair.annotation.empty() && number_of(pair) > 0; });
}

}  // namespace throng
