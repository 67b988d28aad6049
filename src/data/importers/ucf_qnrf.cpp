#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/annotated.h"
#include "data/importers/file_pairs.h"
#include "data/importers/layouts.h"
#include "data/importers/mat_file.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

struct Half {
  fs::path folder;
  std::string split;
};

std::vector<Half> halves_of(const fs::path& folder) {
  std::vector<Half> halves;
  for (const std::string split : {"train", "val", "test"}) {
    std::string capital = split;
    capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
    if (fs::path half = first_there(folder, {capital, split}); !half.empty())
      halves.push_back({std::move(half), split});
  }
  return halves;
}

}  // namespace

Manifest import_ucf_qnrf(const ImportRequest& request) {
  std::vector<Annotated> pictures;
  for (const Half& half : halves_of(request.folder)) {
    for (const FilePair& pair : pair_files(half.folder, half.folder, "", {"_ann.mat"})) {
      Annotated picture = annotated_pair(pair, half.split, half.folder / (pair.stem + "_ann.mat"));
      picture.points = MatArray::read(pair.annotation, "annPoints").points("annPoints");
      pictures.push_back(std::move(picture));
    }
  }
  return make_manifest(
      request, "ucf_qnrf", std::move(pictures),
      text(request.folder.string(), " has no folder Train or Test with img_0001.jpg and img_0001_ann.mat"));
}

bool is_ucf_qnrf(const fs::path& folder) {
  return std::ranges::any_of(halves_of(folder), [](const Half& half) {
    const std::vector<FilePair> pairs = pair_files(half.folder, half.folder, "", {"_ann.mat"});
    return std::ranges::any_of(pairs, [](const FilePair& pair) { return !pair.annotation.empty(); });
  });
}

}  // namespace throng
