#include "data/importers.h"

#include <array>
#include <string>
#include <vector>

#include "core/text.h"
#include "data/importers/points.h"
#include "data/importers/shanghaitech.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr std::array kImporters = {
    Importer{"shanghaitech", "part A or B: train_data/ and test_data/, each with images/ and ground_truth/GT_NAME.mat",
             import_shanghaitech},
    Importer{"points",
             "your own pictures, each NAME.jpg with NAME.txt or NAME.csv beside it, one \"x y\" in pixels a line",
             import_points},
};

}  // namespace

std::span<const Importer> importers() { return kImporters; }

const Importer& find_importer(std::string_view name) {
  std::vector<std::string> names;
  for (const Importer& importer : kImporters) {
    if (importer.name == name) return importer;
    names.emplace_back(importer.name);
  }
  const std::string near = nearest_name(name, names);
  throw Error(ErrorKind::usage,
              text("there is no importer '", name, "'", near.empty() ? "" : ", did you mean '" + near + "'?",
                   "; there are: ", join(names, ", ")));
}

}  // namespace throng
