#include "train/config.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/file.h"
#include "expect_error.h"
#include "model/density_net.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(ReadExperiment, TakesTheFileThenTheChanges) {
  const TemporaryFolder folder;
  write_file(folder / "small.toml", "[train]\ncrop = 64\nepochs = 3\n[data]\nmanifest = \"a.jsonl\"\n");
  const ExperimentConfig config = read_experiment(folder / "small.toml", {"train.epochs=7", "model.encoder=resnet18"});
  EXPECT_EQ(config.name, "small");
  EXPECT_EQ(config.train.augment.crop, 64);
  EXPECT_EQ(config.train.epochs, 7);
  EXPECT_EQ(config.model.encoder, "resnet18");
  EXPECT_EQ(config.train.lr, 2e-5) << "the paper's";
}

TEST(ReadExperiment, NamesTheNearestKey) {
  const TemporaryFolder folder;
  write_file(folder / "small.toml", "");
  expect_error(ErrorKind::usage, {"train.epoch", "train.epochs"},
               [&] { read_experiment(folder / "small.toml", {"train.epoch=7"}); });
}

TEST(Configs, EveryFileDescribesANetwork) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::filesystem::path(THRONG_SOURCE_DIR) / "configs")) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path());
    ExperimentConfig config = read_experiment(entry.path(), {"model.width=0.05"});
    EXPECT_NO_THROW(DensityNet(config.model));
    ++files;
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace throng
