#include <gtest/gtest.h>

#include <algorithm>

#include "temporary_folder.h"
#include "throng/counter.h"
#include "train/tiny_experiment.h"
#include "train/trainer.h"

namespace throng {
namespace {

const std::filesystem::path& configs() {
  static const std::filesystem::path folder = std::filesystem::path(THRONG_SOURCE_DIR) / "configs";
  return folder;
}

std::vector<std::string> all_configs() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(configs())) {
    if (entry.path().extension() == ".toml")
      names.push_back(std::filesystem::relative(entry.path(), configs()).generic_string());
  }
  std::ranges::sort(names);
  return names;
}

class EveryConfig : public testing::TestWithParam<std::string> {};

// Narrow, behind a small encoder and on dots, but with the file's own gates, levels, losses and schedule: it trains a
// step, is saved, loaded and counts.
TEST_P(EveryConfig, TrainsSavesAndCountsSlow) {
  TemporaryFolder folder;
  const std::string manifest = make_dotted_data(folder.path(), 4).string();
  const ExperimentConfig config = read_experiment(
      configs() / GetParam(),
      {"data.manifest=\"" + manifest + "\"", "data.validation=0.5", "data.synthetic=0", "model.encoder=resnet18",
       "model.encoder_weights=\"\"", "model.width=0.02", "model.init=kaiming", "train.crop=128", "train.batch=2",
       "train.crops_per_image=1", "train.epochs=1", "train.threads=1", "train.precision=fp32"});
  EXPECT_EQ(train(config, folder / "run", false, {}).steps, 1);
  const Counter counter = Counter::load(folder / "run/last.safetensors", {.threads = 1});
  EXPECT_GE(counter.count(load_image(folder / "dots_0.png")).count, -1e3);
}

INSTANTIATE_TEST_SUITE_P(Configs, EveryConfig, testing::ValuesIn(all_configs()), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace_if(
      name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace
}  // namespace throng
