#include "train/run_files.h"

#include <gtest/gtest.h>

#include "core/file.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(RunFiles, ModelsAreThoseOfTheState) {
  const TemporaryFolder folder;
  const RunFolder run(folder / "run", false);
  const ExperimentConfig config;
  Dataset data;
  data.name = "dots";
  const Fingerprint fingerprint;
  LoadedModel model = tiny_model();
  Optimiser optimiser(model.net, config.train);
  const RunFiles files({run, config, data, fingerprint, model, optimiser});

  TrainPosition position{.step = 3};
  EXPECT_FALSE(files.models_are_current(position)) << "there are none";
  files.save_state(position);
  files.save_models(position);
  EXPECT_TRUE(files.models_are_current(position));
  EXPECT_FALSE(std::filesystem::exists(run.best())) << "none was judged";
  EXPECT_EQ(read_card(run.last()).provenance["step"], 3);
  EXPECT_EQ(read_card(run.last()).provenance["data"], "dots");
  EXPECT_EQ(checkpoint_to_continue(run, true)->position.step, 3);
  EXPECT_FALSE(checkpoint_to_continue(run, false));

  position.best_step = 3;
  EXPECT_FALSE(files.models_are_current(position)) << "the best one is not there yet";
  files.save_models(position);
  EXPECT_TRUE(files.models_are_current(position));
  position.step = 4;
  EXPECT_FALSE(files.models_are_current(position));
  files.save_models(position);
  EXPECT_TRUE(files.models_are_current(position));
  EXPECT_EQ(read_card(run.best()).provenance["step"], 3);
}

}  // namespace
}  // namespace throng
