#include <gmock/gmock.h>

#include "core/checksum.h"
#include "infer/calling_graph.h"
#include "model/model_file.h"
#include "temporary_folder.h"
#include "train/device_step.h"
#include "train/stopped_run.h"
#include "train/tiny_experiment.h"
#include "weights/tensor_file.h"

// Whole trainings whose steps are given to the CPU as they are to a GPU.
namespace throng {
namespace {

class DeviceTraining : public testing::Test {
 protected:
  TrainResult train_as_on_a_gpu(const std::string& name, const Reporter& reporter = {}) {
    return train(config_, folder_ / name, false, reporter, {}, &graphs_);
  }

  TemporaryFolder folder_;
  ExperimentConfig config_ = tiny_experiment(make_dotted_data(folder_.path(), 9));
  GraphCalls calls_;
  GraphSupport graphs_ = calling_graphs(calls_);
};

TEST_F(DeviceTraining, LearnsWhatACpuLearns) {
  config_.train.epochs = 4;
  config_.train.crops_per_image = 7;  // 49 crops, 25 steps an epoch, the last with one crop
  const TrainResult usual = train(config_, folder_ / "usual", false, {});
  const TrainResult result = train_as_on_a_gpu("device");
  EXPECT_EQ(result.steps, usual.steps);
  EXPECT_EQ(calls_.captures, 2);
  EXPECT_GT(calls_.replays, 80);
  const auto expected = log_of(folder_ / "usual"), actual = log_of(folder_ / "device");
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t epoch = 0; epoch < expected.size(); ++epoch) {
    for (const auto& [name, value] : expected[epoch]["loss"].items()) {
      // Rounding grows from step to step; small terms feel it first.
      const double loss = value.get<double>(), tolerance = epoch == 0 || name == "total" ? 0.01 : 0.2;
      EXPECT_NEAR(actual[epoch]["loss"].value(name, 0.0), loss, tolerance * std::abs(loss) + 1e-6)
          << epoch << " " << name;
    }
    EXPECT_EQ(actual[epoch]["step"], expected[epoch]["step"]);
  }
  EXPECT_NEAR(result.best_mae, usual.best_mae, 0.05 * usual.best_mae);
}

TEST_F(DeviceTraining, AResumedRunEndsWithTheSameBits) {
  config_.train.crops_per_image = 3;
  config_.train.checkpoint_steps = 0;
  train_as_on_a_gpu("whole");
  StopAt stop(7);
  expect_error(ErrorKind::interrupted, {"--resume"}, [&] {
    train(config_, folder_ / "stopped", false, {nullptr, &stop}, stop.token(), &graphs_);
  });
  train(config_, folder_ / "stopped", true, {}, {}, &graphs_);
  EXPECT_EQ(sha256_of_file(folder_ / "stopped/last.safetensors"), sha256_of_file(folder_ / "whole/last.safetensors"));
  EXPECT_EQ(sha256_of_file(folder_ / "stopped/state.safetensors"), sha256_of_file(folder_ / "whole/state.safetensors"));
}

TEST_F(DeviceTraining, DivergenceNamesTheTermAndLeavesAGoodCheckpoint) {
  config_.train.lr = 1.0;
  config_.train.epochs = 40;
  config_.model.encoder_norm = false;
  config_.train.checkpoint_steps = 1;
  expect_error(ErrorKind::failure, {"became NaN or infinite at step", "last.safetensors", "train.lr"},
               [&] { train_as_on_a_gpu("run"); });
  for (const auto& [name, tensor] : read_safetensors(folder_ / "run/state.safetensors").tensors) {
    EXPECT_TRUE(at::isfinite(tensor).all().item<bool>()) << name;
  }
}

TEST_F(DeviceTraining, SaysHowStepsAreMade) {
  config_.train.epochs = 1;
  const auto notes = [&](const std::string& name) {
    Messages messages;
    train_as_on_a_gpu(name, {&messages, nullptr});
    return messages.notes;
  };
  EXPECT_THAT(notes("graph"), testing::HasSubstr("steps are replayed from graphs"));
  config_.train.graph = "off";
  EXPECT_THAT(notes("off"), testing::HasSubstr("not replayed from graphs: train.graph"));
  config_.train.graph = "auto";
  config_.loss.relative_choice = "random";
  EXPECT_THAT(notes("random"), testing::HasSubstr("each step waits for the device, because loss.relative_choice"));
}

/// Cannot be captured.
struct Unwilling final : DeviceGraph {
  void capture(const std::function<void()>&) override { throw c10::Error({"f", "file", 1}, "operation not permitted"); }
  void replay() override {}
};

// The steps are made all the same, and the same ones.
TEST_F(DeviceTraining, WarnsOnceWhereStepsCannotBeRecorded) {
  config_.train.crops_per_image = 4;
  train_as_on_a_gpu("recorded");
  graphs_ = {.make = [] { return std::make_unique<Unwilling>(); }};
  Messages messages;
  train_as_on_a_gpu("run", {&messages, nullptr});
  EXPECT_THAT(split(messages.warnings, '\n'), testing::ElementsAre(testing::HasSubstr("operation not permitted"), ""));
  EXPECT_EQ(sha256_of_file(folder_ / "run/last.safetensors"), sha256_of_file(folder_ / "recorded/last.safetensors"));
}

}  // namespace
}  // namespace throng
