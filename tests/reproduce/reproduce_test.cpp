#include "reproduce/reproduce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/checksum.h"
#include "core/folder_lock.h"
#include "core/text.h"
#include "expect_error.h"
#include "image/codec.h"
#include "model/model_file.h"
#include "reproduce/tiny_reproduction.h"
#include "throng/counter.h"
#include "train/stopped_run.h"
#include "weights/tensor_file.h"

namespace throng {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Counts training steps, and asks to stop at one of them.
class StepWatch final : public ProgressObserver {
 public:
  explicit StepWatch(std::int64_t stop_at = -1) : stop_at_(stop_at) {}
  void progress(std::int64_t, std::int64_t, std::string_view detail) override {
    if (detail.find("crops/s") == std::string_view::npos) return;
    if (++steps_ == stop_at_) source_.request_stop();
  }
  std::int64_t steps() const { return steps_; }
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::int64_t stop_at_;
  std::int64_t steps_ = 0;
  std::stop_source source_;
};

class Reproducing : public TinyReproduction {
 protected:
  std::filesystem::path network_folder(std::size_t i, const std::string& run = "run") const {
    return folder_ / run / results_of(run)["networks"].at(i)["folder"].get<std::string>();
  }
  std::string model_sum(std::size_t i, const std::string& run = "run") const {
    return sha256_of_file(network_folder(i, run) / results_of(run)["networks"].at(i)["model"].get<std::string>());
  }
};

TEST_F(Reproducing, TheSameNetworkIsTrainedOnce) {
  StepWatch watch;
  const Reproduction done =
      reproduce(options({"table4", "table5", "table6", "table7", "table9", "table1"},
                        {"table4/hmode", "2conv", "EB3", "3conv", "table9/hmode", "table1/hmode"}),
                {nullptr, &watch});
  EXPECT_EQ(done.finished, 6);
  EXPECT_EQ(done.failed, 0);
  EXPECT_EQ(watch.steps(), 4) << "two epochs of two batches";
  const Json networks = results_of()["networks"];
  ASSERT_EQ(networks.size(), 1U);
  EXPECT_EQ(networks[0]["row"], "table4/hmode");
  EXPECT_EQ(networks[0]["images"], 2);
  EXPECT_GT(networks[0]["seconds"].get<double>(), 0);
  EXPECT_GT(networks[0]["peak_bytes"].get<std::int64_t>(), 1 << 20);
  EXPECT_EQ(networks[0]["model_sha256"], model_sum(0));
  EXPECT_THAT(text_of("run/table5.md"), AllOf(HasSubstr("| 2conv | "), HasSubstr("same network as table4/hmode"),
                                              HasSubstr("Shortened schedule: 2 epochs instead of 200.")));
  EXPECT_THAT(text_of("run/table4.md"), Not(HasSubstr("same network")));
  EXPECT_THAT(text_of("run/table9.html"), HasSubstr("Table IX"));
}

TEST_F(Reproducing, MomentsAreDroppedAndModelsKept) {
  reproduce(options({"table4"}, {"average"}), {});
  EXPECT_FALSE(std::filesystem::exists(network_folder(0) / "state.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(network_folder(0) / "last.safetensors"));
  EXPECT_EQ(load_model(network_folder(0) / "best.safetensors").card.name, "table4/average");
}

TEST_F(Reproducing, FiguresAreThoseOfTheModel) {
  const Reproduction done = reproduce(options({"table4"}, {"average"}), {});
  const Json figures = results_of()["networks"][0]["measures"]["errors"][0]["figures"];
  const Counter counter = Counter::load(network_folder(0) / "best.safetensors", {.device = "cpu", .threads = 1});
  double absolute = 0;
  for (const ManifestEntry& entry : read_manifest(folder_ / "dots.jsonl").split("test")) {
    absolute += std::abs(counter.count(load_image(entry.image)).count - static_cast<double>(entry.points.size()));
  }
  EXPECT_NEAR(figures["MAE"].get<double>(), absolute / 2, 1e-6);
  ASSERT_EQ(done.tables.size(), 1U);
  EXPECT_EQ(done.tables[0].rows.at(0).results.at(0).lines.at(Measure::errors).at(0).figures.at(0),
            figures["MAE"].get<double>());
}

TEST_F(Reproducing, FinishedRowsAreSkipped) {
  reproduce(options({"table4"}, {"average"}), {});
  const std::string before = text_of("run/results.json");
  StepWatch watch;
  const Reproduction again = reproduce(options({"table4"}, {"average"}), {nullptr, &watch});
  EXPECT_EQ(again.finished, 1);
  EXPECT_EQ(watch.steps(), 0);
  EXPECT_EQ(text_of("run/results.json"), before);

  const Reproduction more = reproduce(options({"table4"}, {"average", "moe"}), {nullptr, &watch});
  EXPECT_EQ(more.finished, 2);
  EXPECT_EQ(watch.steps(), 4) << "of the new row alone";
}

TEST_F(Reproducing, StoppedAnywhereTheSameCommandGoesOn) {
  const ReproduceOptions whole = options({"table4"}, {"average", "moe"}, "whole");
  reproduce(whole, {});
  // In the first row, between the rows, and in the second.
  for (const std::int64_t step : {1, 4, 7}) {
    SCOPED_TRACE(step);
    const std::string run = "stopped" + std::to_string(step);
    const ReproduceOptions stopped = options({"table4"}, {"average", "moe"}, run);
    StepWatch watch(step);
    expect_error(ErrorKind::interrupted, {"table4/", "the same command"}, [&] {
      reproduce(stopped, {nullptr, &watch}, watch.token());
    });
    EXPECT_EQ(watch.steps(), step);
    EXPECT_THAT(text_of(run + "/table4.md"), HasSubstr("to do"));

    StepWatch rest;
    EXPECT_EQ(reproduce(stopped, {nullptr, &rest}).finished, 2);
    EXPECT_EQ(rest.steps(), 8 - step);
    for (const std::size_t i : {0, 1}) EXPECT_EQ(model_sum(i, run), model_sum(i, "whole"));
    EXPECT_EQ(results_of(run)["networks"][0]["measures"], results_of("whole")["networks"][0]["measures"]);
  }
}

TEST_F(Reproducing, JudgesAgainWithoutTrainingAgain) {
  reproduce(options({"table4"}, {"average"}), {});
  Json results = results_of();
  results["networks"][0]["measures"] = Json::object();
  write_file(folder_ / "run/results.json", results.dump());
  StepWatch watch;
  EXPECT_EQ(reproduce(options({"table4"}, {"average"}), {nullptr, &watch}).finished, 1);
  EXPECT_EQ(watch.steps(), 0);
}

TEST_F(Reproducing, ModelsOfALostRecordAreUsed) {
  reproduce(options({"table4"}, {"average"}), {});
  std::filesystem::remove(folder_ / "run/results.json");
  StepWatch watch;
  const Reproduction again = reproduce(options({"table4"}, {"average"}), {nullptr, &watch});
  EXPECT_EQ(again.finished, 1);
  EXPECT_EQ(watch.steps(), 0);
  EXPECT_THAT(text_of("run/table4.md"), HasSubstr("| - | - |  |\n")) << "time and memory are not known any more";
}

TEST_F(Reproducing, SeveralSeedsGiveASpread) {
  ReproduceOptions seeds = options({"table4"}, {"average"});
  reproduce(seeds, {});
  seeds.seeds = 2;
  StepWatch watch;
  EXPECT_EQ(reproduce(seeds, {nullptr, &watch}).finished, 1);
  EXPECT_EQ(watch.steps(), 4) << "the first seed is there";
  EXPECT_NE(model_sum(0), model_sum(1));
  EXPECT_THAT(text_of("run/table4.md"), AllOf(HasSubstr(" ± "), HasSubstr("standard deviation of 2 seeds")));
}

TEST_F(Reproducing, AbsentDataAndWeightsAreMarkedAndTheOthersGoOn) {
  ReproduceOptions some = options({"table4"}, {"average"});
  some.changes = {"model.encoder_weights=no_such_weights"};
  Messages messages;
  const Reproduction none = reproduce(some, {&messages, nullptr});
  EXPECT_EQ(none.not_run, 1);
  EXPECT_EQ(none.finished, 0);
  EXPECT_THAT(text_of("run/table4.md"),
              HasSubstr("not run: needs ShanghaiTech A (name a folder with it: --data DIR) and vgg16_bn weights ("
                        "no_such_weights, "));
  EXPECT_THAT(messages.warnings, HasSubstr("table4/average: not run: needs ShanghaiTech A"));

  changes_.emplace_back("model.encoder_weights=\"no_such_weights\"");
  const Reproduction weightless = reproduce(options({"table4"}, {"average"}, "weightless"), {});
  EXPECT_EQ(weightless.not_run, 1);
  EXPECT_THAT(weightless.tables.at(0).rows.at(0).state,
              StartsWith("not run: needs resnet18 weights (no_such_weights, "));
}

TEST_F(Reproducing, ATrainingThatWasBegunNeedsNoWeights) {
  reproduce(options({"table4"}, {"average"}, "first"), {});
  TensorFile encoder = read_safetensors(network_folder(0, "first") / "last.safetensors");
  encoder.metadata.clear();
  std::erase_if(encoder.tensors, [](const auto& named) { return !named.first.starts_with("encoder."); });
  write_safetensors(encoder, folder_ / "encoder.safetensors");

  changes_.push_back("model.encoder_weights=\"" + (folder_ / "encoder.safetensors").string() + "\"");
  StepWatch watch(1);
  expect_error(ErrorKind::interrupted, {"the same command"}, [&] {
    reproduce(options({"table4"}, {"average"}), {nullptr, &watch}, watch.token());
  });
  std::filesystem::remove(folder_ / "encoder.safetensors");
  const Reproduction rest = reproduce(options({"table4"}, {"average", "moe"}), {});
  EXPECT_EQ(rest.finished, 1);
  EXPECT_EQ(rest.not_run, 1);
}

TEST_F(Reproducing, OfTwoTablesTheOneWithDataIsMade) {
  std::erase_if(changes_, [](const std::string& change) { return change.starts_with("data.manifest"); });
  std::filesystem::rename(folder_ / "dots.jsonl", folder_ / "sha.jsonl");
  ReproduceOptions both = options({"table3", "table4"}, {"trancos", "average"});
  both.data = folder_.path();
  const Reproduction done = reproduce(both, {});
  EXPECT_EQ(done.finished, 1);
  EXPECT_EQ(done.not_run, 1);
  EXPECT_THAT(text_of("run/table3.md"), AllOf(HasSubstr("not run: needs TRANCOS"), HasSubstr("| 1.9 | - | - | 3.2 |")));
  EXPECT_THAT(text_of("run/table4.md"), HasSubstr("ShanghaiTech A, split test, 2 pictures"));
}

TEST_F(Reproducing, ARowThatFailsIsMarkedAndTheOthersGoOn) {
  // Regions of a 64th of 64 pixels are smaller than the maps can hold.
  const Reproduction done = reproduce(options({"figure6"}, {"w_64", "S_9"}), {});
  EXPECT_EQ(done.failed, 1);
  EXPECT_EQ(done.finished, 1);
  EXPECT_THAT(done.tables.at(0).rows.at(0).state, StartsWith("failed: "));
  EXPECT_THAT(text_of("run/figure6.md"), AllOf(HasSubstr("| w_64 | - | - | - |"), HasSubstr("failed: ")));
}

TEST_F(Reproducing, GameAndOutputsAreMeasuredWhereTheTableHasThem) {
  const Reproduction done = reproduce(options({"table3", "table12"}), {});
  EXPECT_EQ(done.finished, 2);
  ASSERT_EQ(results_of()["networks"].size(), 1U) << "on the same data they are the same network";
  const Json measures = results_of()["networks"][0]["measures"];
  const Json game = measures["game"][0]["figures"];
  EXPECT_LE(game["GAME(0)"].get<double>(), game["GAME(3)"].get<double>() + 1e-9);
  std::vector<std::string> lines;
  for (const Json& line : measures["outputs"]) lines.push_back(line["line"].get<std::string>());
  EXPECT_THAT(lines,
              ElementsAre("expert1, overall", "expert2, overall", "expert3, overall", "group12, overall",
                          "group13, overall", "group23, overall", "final, overall", "expert1, low", "expert2, low",
                          "expert3, low", "group12, low", "group13, low", "group23, low", "final, low"))
      << "no picture has more than 50 dots";
}

TEST_F(Reproducing, TheEstimateComesFirstAndAlone) {
  Messages messages;
  ReproduceOptions estimate = options({"table4"}, {"average", "moe"});
  estimate.estimate_only = true;
  estimate.seeds = 3;
  StepWatch watch;
  const Reproduction done = reproduce(estimate, {&messages, &watch});
  EXPECT_EQ(done.finished, 0);
  EXPECT_EQ(watch.steps(), 0);
  EXPECT_THAT(messages.notes, AllOf(HasSubstr("6 trainings for 2 rows: about "), HasSubstr("MiB in ")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run/networks"));
  EXPECT_THAT(text_of("run/table4.md"), HasSubstr("to do"));
}

TEST_F(Reproducing, TwoDoNotWorkInOneFolder) {
  std::filesystem::create_directory(folder_ / "run");
  const FolderLock lock(folder_ / "run");
  expect_error(ErrorKind::failure, {"another process", "--out"}, [&] { reproduce(options({"table4"}), {}); });
}

}  // namespace
}  // namespace throng
