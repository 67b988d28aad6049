#include "train/trainer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/checksum.h"
#include "core/file.h"
#include "core/text.h"
#include "expect_error.h"
#include "model/model_file.h"
#include "temporary_folder.h"
#include "train/checkpoint.h"
#include "train/data_limit.h"
#include "train/precision.h"
#include "train/stopped_run.h"
#include "train/tiny_experiment.h"
#include "weights/tensor_file.h"

namespace throng {
namespace {

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

// The curves of bf16 and fp32 agree: what is lost in rounding does not show in what is learned.
TEST_F(Training, LearnsInBf16WhatItLearnsInFp32) {
  if (!Autocast("auto", at::kCPU).on()) GTEST_SKIP() << "this processor does not multiply bf16";
  config_.model.width = 0.1;
  config_.train.epochs = 6;
  config_.train.crops_per_image = 2;
  train(config_, folder_ / "fp32", false, {});
  config_.train.precision = "bf16";
  train(config_, folder_ / "bf16", false, {});
  const auto exact = log_of(folder_ / "fp32"), rounded = log_of(folder_ / "bf16");
  ASSERT_EQ(rounded.size(), exact.size());
  for (std::size_t epoch = 0; epoch < exact.size(); ++epoch) {
    const double loss = exact[epoch]["loss"]["total"].get<double>();
    EXPECT_NEAR(rounded[epoch]["loss"]["total"].get<double>(), loss, 0.1 * loss) << "epoch " << epoch + 1;
    EXPECT_GE(rounded[epoch]["waited_share"].get<double>(), 0);
    EXPECT_LE(rounded[epoch]["waited_share"].get<double>(), 1);
  }
}

TEST_F(Training, MomentsAreKeptInBf16WhereAskedFor) {
  config_.train.moments = "bf16";
  train(config_, folder_ / "run", false, {});
  const TensorFile state = read_safetensors(folder_ / "run/state.safetensors");
  EXPECT_EQ(state.tensors.at("first_moment.encoder.stem.weight").scalar_type(), at::kBFloat16);
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

// What fails at once leaves nothing behind that would keep the next try from the same folder.
TEST_F(Training, EarlyErrorsLeaveNoFolder) {
  const auto refused = [&](const std::vector<std::string>& parts, auto change) {
    ExperimentConfig config = config_;
    change(config);
    expect_error(ErrorKind::usage, parts, [&] { train(config, folder_ / "run", false, {}); });
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run")) << parts.front();
  };
  refused({"multiple of 16"}, [](ExperimentConfig& config) { config.train.augment.crop = 40; });
  refused({"scale_low"}, [](ExperimentConfig& config) { config.train.augment.scale_low = 2; });
  refused({"odd number"}, [](ExperimentConfig& config) { config.data.density.size = 14; });
  refused({"model.decoder.block3[0]"}, [](ExperimentConfig& config) { config.model.decoder.block3 = {2'000'000}; });
  refused({"nowhere", "THRONG_WEIGHTS"}, [](ExperimentConfig& config) { config.model.encoder_weights = "nowhere"; });
  refused({"data.manifest"}, [](ExperimentConfig& config) { config.data.manifest.clear(); });
  refused({"train.epochs"}, [](ExperimentConfig& config) { config.train.epochs = INT64_MAX; });
  refused({"loss.relative_regions is 65"}, [](ExperimentConfig& config) { config.loss.relative_regions = 65; });
  refused({"data.validation = 0"}, [](ExperimentConfig& config) { config.data.limit = 1; });
  refused({"train.frozen"}, [](ExperimentConfig& config) { config.train.frozen = {"nothing"}; });
  train(config_, folder_ / "run", false, {});
  expect_error(ErrorKind::usage, {"--resume"}, [&] { train(config_, folder_ / "run", false, {}); });
  EXPECT_TRUE(std::filesystem::exists(folder_ / "run" / "state.safetensors"));
}

TEST_F(Training, BadPicturesAreFoundBeforeTheFirstStep) {
  write_file(folder_ / "dots_5.png", "no picture");
  Messages messages;
  expect_error(ErrorKind::input, {"pictures cannot be used", "dots_5.png"}, [&] {
    train(config_, folder_ / "run", false, {&messages, nullptr});
  });
  EXPECT_EQ(messages.notes, "");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
}

TEST_F(Training, AWrongSizeInTheManifestIsFoundBeforeTheFirstStep) {
  Manifest manifest = read_manifest(config_.data.manifest);
  manifest.entries[3].width = 100;
  write_manifest(manifest, config_.data.manifest);
  expect_error(ErrorKind::input, {"dots_3.png has 96x80 pixels", "100x80"},
               [&] { train(config_, folder_ / "run", false, {}); });
}

TEST_F(Training, CountsThatAreKnownWithoutPointsJudge) {
  Manifest manifest = read_manifest(config_.data.manifest);
  manifest.entries[3].split = "val";
  manifest.entries[3].points.clear();
  manifest.entries[3].annotated = false;
  manifest.entries[3].count = 1'000'000;
  write_manifest(manifest, config_.data.manifest);
  EXPECT_GT(train(config_, folder_ / "run", false, {}).best_mae, 900'000);
}

TEST_F(Training, AnAllocationThatFailsEndsWithASentence) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer's shadow needs more address space than is left here";
#endif
  config_.train.batch = 4096;
  config_.train.crops_per_image = 1024;
  config_.train.augment.crop = 4096;
  config_.data.workers = 0;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  rlimit less = before;
  less.rlim_cur = rlim_t{64} << 30;  // 192 GiB are asked for
  ASSERT_EQ(setrlimit(RLIMIT_AS, &less), 0);
  expect_error(ErrorKind::failure, {"not enough memory", "4096 crops of 4096x4096", "train.batch"},
               [&] { train(config_, folder_ / "run", false, {}); });
  setrlimit(RLIMIT_AS, &before);
}

// What trains on small crops may still not be able to look at a whole picture.
TEST_F(Training, AValidationPictureThatNeedsTooMuchMemoryIsNamed) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer ends the process where memory runs out";
#endif
  if (data_bytes() == 0) GTEST_SKIP() << "this system does not say how much memory a process has";
  constexpr int kSide = 3000;  // of which the first feature map alone takes 576 MB
  Manifest manifest = read_manifest(config_.data.manifest);
  save_image(filled_image(kSide, kSide, {40, 50, 60}), folder_ / "large.png");
  manifest.entries.push_back({folder_ / "large.png", kSide, kSide, {}, "val", ""});
  write_manifest(manifest, config_.data.manifest);
  config_.train.epochs = 1;
  config_.data.workers = 0;
  std::optional<DataLimit> limit;
  CallAt last_step(4, [&] { limit.emplace(rlim_t{300} << 20); });
  expect_error(ErrorKind::failure, {"not enough memory", "large.png of 3000x3000", "--resume"}, [&] {
    train(config_, folder_ / "run", false, {nullptr, &last_step});
  });
  limit.reset();
  EXPECT_EQ(read_checkpoint(folder_ / "run/state.safetensors").position.step, 4);
}

// Training normalises by each batch; only the validation looks at running statistics.
TEST_F(Training, AValidationWithoutANumberIsNoBestModel) {
  LoadedModel model{DensityNet(config_.model), ModelCard{}};
  model.card.model = config_.model;
  initialise(model.net, 1);
  for (const NamedTensor& named : model.net.tensors()) {
    if (named.name.ends_with("running_mean")) named.tensor->fill_(-3e38);
  }
  write_safetensors(model_to_file(model.net, model.card), folder_ / "odd.safetensors");
  config_.train.init = (folder_ / "odd.safetensors").string();
  expect_error(ErrorKind::failure, {"validation MAE is NaN or infinite at step 3", "another --out"},
               [&] { train(config_, folder_ / "run", false, {}); });
  EXPECT_EQ(read_checkpoint(folder_ / "run/state.safetensors").position.best_mae, -1);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run/best.safetensors"));
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
  Messages messages;
  train(config_, folder_ / "run", false, {&messages, nullptr});
  EXPECT_THAT(split(messages.warnings, '\n'), testing::ElementsAre(testing::HasSubstr("the network has died"), ""));
}

}  // namespace
}  // namespace throng
