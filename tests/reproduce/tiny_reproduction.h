#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/file.h"
#include "data/manifest.h"
#include "reproduce/options.h"
#include "temporary_folder.h"
#include "train/tiny_experiment.h"

namespace throng {

/// Dots to train on and to test on, with a region of interest nowhere.
inline std::filesystem::path make_dots_to_test(const std::filesystem::path& folder) {
  const std::filesystem::path path = make_dotted_data(folder, 8);
  Manifest manifest = read_manifest(path);
  for (std::size_t i = 6; i < manifest.entries.size(); ++i) manifest.entries[i].split = "test";
  write_manifest(manifest, path);
  return path;
}

/// The program's changes that make any row a matter of seconds.
inline std::vector<std::string> tiny_changes(const std::filesystem::path& manifest) {
  return {"data.manifest=\"" + manifest.string() + "\"",
          "data.validation=0.4",
          "model.encoder=\"resnet18\"",
          "model.encoder_weights=\"\"",
          "model.width=0.02",
          "model.init=\"kaiming\"",
          "train.crop=64",
          "train.batch=2",
          "train.epochs=2",
          "train.lr=1e-3",
          "train.threads=1",
          "train.device=\"cpu\"",
          "train.precision=\"fp32\""};
}

class TinyReproduction : public testing::Test {
 protected:
  ReproduceOptions options(std::vector<std::string> tables, std::vector<std::string> rows = {},
                           const std::string& run = "run") const {
    ReproduceOptions options;
    options.tables = std::move(tables);
    options.rows = std::move(rows);
    options.run = folder_ / run;
    options.configs = std::filesystem::path(THRONG_SOURCE_DIR) / "configs";
    options.changes = changes_;
    return options;
  }

  std::string text_of(const std::string& file) const { return read_text_file(folder_ / file); }
  Json results_of(const std::string& run = "run") const { return Json::parse(text_of(run + "/results.json")); }

  TemporaryFolder folder_;
  std::vector<std::string> changes_ = tiny_changes(make_dots_to_test(folder_.path()));
};

}  // namespace throng
