#include "train/trainer.h"

#include <gtest/gtest.h>

#include "core/checksum.h"
#include "core/file.h"
#include "core/text.h"
#include "expect_error.h"
#include "model/model_file.h"
#include "temporary_folder.h"
#include "train/tiny_experiment.h"

namespace throng {
namespace {

std::vector<Json> log_of(const std::filesystem::path& run) {
  std::vector<Json> lines;
  for (const std::string& line : split(read_text_file(run / "metrics.jsonl"), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

// Asks to stop when a step is reached.
class StopAt final : public ProgressObserver {
 public:
  explicit StopAt(std::int64_t step) : step_(step) {}
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    if (done == step_) source_.request_stop();
  }
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::int64_t step_;
  std::stop_source source_;
};

struct Warnings final : MessageSink {
  void message(Level level, std::string_view sentence) override {
    if (level == Level::warning) all += std::string(sentence) + "\n";
  }
  std::string all;
};

class Training : public testing::Test {
 protected:
  TemporaryFolder folder_;
  ExperimentConfig config_ = tiny_experiment(make_dotted_data(folder_.path(), 8));
};

TEST_F(Training, LearnsAndLeavesACompleteFolder) {
  config_.model.width = 0.1;
  config_.train.epochs = 15;
  config_.train.crops_per_image = 4;
  const TrainResult result = train(config_, folder_ / "run", false, {});
  EXPECT_EQ(result.steps, 15 * 12);
  const auto log = log_of(folder_ / "run");
  ASSERT_EQ(log.size(), 15U);
  EXPECT_LT(log.back()["loss"]["density.final"].get<double>(),
            0.7 * log.front()["loss"]["density.final"].get<double>());
  for (const char* term : {"density.final", "relative.expert1", "attention", "importance"}) {
    EXPECT_TRUE(log.back()["loss"].contains(term)) << term;
  }
  EXPECT_TRUE(log.back()["validation"].contains("rmse"));
  for (const char* name :
       {"config.toml", "state.safetensors", "last.safetensors", "best.safetensors", "provenance.json"}) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / "run" / name)) << name;
  }
  EXPECT_EQ(load_model(folder_ / "run/best.safetensors").card.provenance["data_sha256"],
            manifest_sha256(config_.data.manifest));
}

TEST_F(Training, ModelFilesHoldNothingOfTheMachine) {
  train(config_, folder_ / "run", false, {});
  const std::string bytes = read_text_file(folder_ / "run/last.safetensors");
  EXPECT_EQ(bytes.find(folder_.path().string()), std::string::npos);
}

TEST_F(Training, TwiceTheSameIsTheSameToTheBit) {
  train(config_, folder_ / "a", false, {});
  config_.data.workers = 0;
  train(config_, folder_ / "b", false, {});
  EXPECT_EQ(sha256_of_file(folder_ / "a/last.safetensors"), sha256_of_file(folder_ / "b/last.safetensors"));
}

TEST_F(Training, StoppedAnywhereAndResumedIsTheSameToTheBit) {
  train(config_, folder_ / "whole", false, {});
  for (const std::int64_t step : {1, 3, 4}) {
    SCOPED_TRACE(step);
    const auto run = folder_ / ("stopped" + std::to_string(step));
    StopAt stop(step);
    expect_error(ErrorKind::interrupted, {"--resume"}, [&] {
      train(config_, run, false, {nullptr, &stop}, stop.token());
    });
    train(config_, run, true, {});
    for (const char* name : {"last.safetensors", "best.safetensors"}) {
      EXPECT_EQ(sha256_of_file(folder_ / "whole" / name), sha256_of_file(run / name)) << name;
    }
    EXPECT_EQ(log_of(run).size(), 2U);
  }
}

TEST_F(Training, FinishedRunStaysAsItIs) {
  train(config_, folder_ / "run", false, {});
  const std::string before = sha256_of_file(folder_ / "run/best.safetensors");
  EXPECT_TRUE(train(config_, folder_ / "run", true, {}).already_finished);
  EXPECT_EQ(sha256_of_file(folder_ / "run/best.safetensors"), before);
}

TEST_F(Training, ResumeWithoutACheckpointStarts) {
  std::filesystem::create_directory(folder_ / "run");
  EXPECT_EQ(train(config_, folder_ / "run", true, {}).steps, 6);
}

TEST_F(Training, DivergenceNamesTheTermAndTheLastGoodCheckpoint) {
  config_.train.lr = 1.0;
  config_.train.warmup_steps = 0;
  config_.train.epochs = 40;
  config_.model.encoder_norm = false;
  config_.train.checkpoint_steps = 1;
  expect_error(ErrorKind::failure, {"became NaN or infinite", "last.safetensors", "train.lr"},
               [&] { train(config_, folder_ / "run", false, {}); });
  EXPECT_NO_THROW(load_model(folder_ / "run/last.safetensors"));
}

TEST_F(Training, StartsFromAModelWithItsArchitecture) {
  train(config_, folder_ / "first", false, {});
  ExperimentConfig next = config_;
  next.train.init = (folder_ / "first/last.safetensors").string();
  next.model = ModelConfig{};  // the file decides
  next.train.epochs = 1;
  train(next, folder_ / "second", false, {});
  EXPECT_EQ(load_model(folder_ / "second/last.safetensors").card.model.width, config_.model.width);
}

TEST_F(Training, OtherArchitectureIsNotResumed) {
  train(config_, folder_ / "run", false, {});
  config_.model.width = 0.03;
  expect_error(ErrorKind::failure, {"another experiment"}, [&] { train(config_, folder_ / "run", true, {}); });
}

TEST_F(Training, WarnsWhenBitsWillDiffer) {
  Warnings warnings;
  StopAt stop(2);
  expect_error(ErrorKind::interrupted, {}, [&] {
    train(config_, folder_ / "run", false, {nullptr, &stop}, stop.token());
  });
  config_.train.lr = 2e-3;
  train(config_, folder_ / "run", true, {&warnings, nullptr});
  EXPECT_THAT(warnings.all, testing::HasSubstr("not be bit-identical"));
}

// Heads whose bias has fallen far below zero pass no gradient: the run says so, once, instead of training on.
TEST_F(Training, WarnsWhenTheNetworkHasDied) {
  LoadedModel model{DensityNet(config_.model), ModelCard{}};
  model.card.model = config_.model;
  initialise(model.net, 1);
  model.net.visit([](const std::string& name, ConvBlock& block) {
    if (name.starts_with("head") && name.ends_with(".1")) block.bias.fill_(-1e3);
  });
  write_safetensors(model_to_file(model.net, model.card), folder_ / "dead.safetensors");
  config_.train.init = (folder_ / "dead.safetensors").string();
  config_.train.epochs = 20;
  config_.data.validation = 0;
  Warnings warnings;
  train(config_, folder_ / "run", false, {&warnings, nullptr});
  EXPECT_THAT(split(warnings.all, '\n'), testing::ElementsAre(testing::HasSubstr("the network has died"), ""));
}

}  // namespace
}  // namespace throng
