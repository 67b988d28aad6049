#include <gtest/gtest.h>

#include "core/checksum.h"
#include "model/model_file.h"
#include "temporary_folder.h"
#include "train/checkpoint.h"
#include "train/dataset.h"
#include "train/precision.h"
#include "train/stopped_run.h"
#include "train/tiny_experiment.h"
#include "weights/tensor_file.h"

namespace throng {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// An experiment of two epochs of three steps.
class Resuming : public testing::Test {
 protected:
  void expect_same_models(const std::filesystem::path& run, const std::filesystem::path& other) {
    for (const char* name : {"last.safetensors", "best.safetensors"}) {
      EXPECT_EQ(sha256_of_file(run / name), sha256_of_file(other / name)) << name;
    }
  }

  // Changes the metadata of the run's checkpoint as an older program would have written it.
  template <class Change>
  void change_state(const std::filesystem::path& run, Change change) {
    TensorFile state = read_safetensors(run / "state.safetensors");
    change(state.metadata);
    write_safetensors(state, run / "state.safetensors");
  }

  static void make_older(std::map<std::string, std::string>& metadata) {
    metadata.erase("model");
    Json fingerprint = Json::parse(metadata["fingerprint"]);
    for (const char* key : {"device", "precision", "cpu_features"}) EXPECT_EQ(fingerprint.erase(key), 1U) << key;
    metadata["fingerprint"] = fingerprint.dump();
  }

  TemporaryFolder folder_;
  ExperimentConfig config_ = tiny_experiment(make_dotted_data(folder_.path(), 8));
};

TEST_F(Resuming, StoppedAnywhereAndResumedIsTheSameToTheBit) {
  train(config_, folder_ / "whole", false, {});
  for (const std::int64_t step : {1, 3, 4, 6}) {
    SCOPED_TRACE(step);
    const auto run = folder_ / ("stopped" + std::to_string(step));
    train_until(step, config_, run);
    Messages messages;
    // Behind the last step only the validation is left, and that is not nothing.
    EXPECT_FALSE(train(config_, run, true, {&messages, nullptr}).already_finished);
    EXPECT_EQ(messages.warnings, "");
    expect_same_models(folder_ / "whole", run);
    const std::vector<Json> log = log_of(run);
    ASSERT_EQ(log.size(), 2U);
    // Of steps that another process has made the speed is not known.
    EXPECT_EQ(log[0].contains("crops_per_second"), step != 3);
    EXPECT_EQ(log[1].contains("crops_per_second"), step != 6);
  }
}

// A run may be killed behind the line of an epoch and before the state that says that the epoch is over.
TEST_F(Resuming, AnEpochThatIsJudgedAgainIsLoggedOnce) {
  const auto run = folder_ / "run";
  train_until(3, config_, run);
  write_file(run / "metrics.jsonl", "{\"step\":3,\"epoch\":1,\"validation\":{\"mae\":1}}\n");
  train(config_, run, true, {});
  const std::vector<Json> log = log_of(run);
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0]["epoch"], 1);
  EXPECT_TRUE(log[0].contains("loss"));
  EXPECT_EQ(log[1]["epoch"], 2);
}

TEST_F(Resuming, AValidationThatFailsCostsNoSteps) {
  train(config_, folder_ / "whole", false, {});
  const auto run = folder_ / "run";
  const std::filesystem::path picture =
      make_dataset(config_.data, static_cast<std::uint64_t>(config_.train.seed)).validation.at(0).image;
  CallAt away(3, [&] { std::filesystem::rename(picture, folder_ / "away"); });
  expect_error(ErrorKind::input, {picture.string()}, [&] { train(config_, run, false, {nullptr, &away}); });
  EXPECT_EQ(read_checkpoint(run / "state.safetensors").position.step, 3);
  EXPECT_EQ(load_model(run / "last.safetensors").card.provenance["step"], 2);
  std::filesystem::rename(folder_ / "away", picture);
  train(config_, run, true, {});
  expect_same_models(folder_ / "whole", run);
}

// bf16 has kernels, moments and a layout of weights of its own.
TEST_F(Resuming, InBf16TooItIsTheSameToTheBit) {
  if (!Autocast("auto", at::kCPU).on()) GTEST_SKIP() << "this processor does not multiply bf16";
  config_.train.precision = "bf16";
  config_.train.threads = 2;
  train(config_, folder_ / "whole", false, {});
  train(config_, folder_ / "again", false, {});
  expect_same_models(folder_ / "whole", folder_ / "again");
  for (const std::int64_t step : {2, 4}) {
    SCOPED_TRACE(step);
    const auto run = folder_ / ("stopped" + std::to_string(step));
    train_until(step, config_, run);
    train(config_, run, true, {});
    expect_same_models(folder_ / "whole", run);
  }
}

TEST_F(Resuming, FinishedRunStaysAsItIs) {
  train(config_, folder_ / "run", false, {});
  const std::string before = sha256_of_file(folder_ / "run/best.safetensors");
  const TrainResult result = train(config_, folder_ / "run", true, {});
  EXPECT_TRUE(result.already_finished);
  EXPECT_EQ(result.model, folder_ / "run/best.safetensors");
  EXPECT_EQ(sha256_of_file(folder_ / "run/best.safetensors"), before);
}

TEST_F(Resuming, ResumeWithoutACheckpointStarts) {
  std::filesystem::create_directory(folder_ / "run");
  EXPECT_EQ(train(config_, folder_ / "run", true, {}).steps, 6);
}

TEST_F(Resuming, ADamagedOrLostStateHasAWayOut) {
  train_until(4, config_, folder_ / "run");
  const auto state = folder_ / "run/state.safetensors";
  const std::string model = "train.init=" + (folder_ / "run/last.safetensors").string();
  const std::string whole = read_text_file(state);
  write_file(state, std::string_view(whole).substr(0, whole.size() / 2));
  expect_error(ErrorKind::failure, {state.string(), "another --out", model},
               [&] { train(config_, folder_ / "run", true, {}); });
  std::filesystem::remove(state);
  expect_error(ErrorKind::failure, {state.string(), "is gone", "another --out", model},
               [&] { train(config_, folder_ / "run", true, {}); });
  EXPECT_TRUE(std::filesystem::exists(folder_ / "run/last.safetensors"));
}

TEST_F(Resuming, OtherArchitectureIsNotResumed) {
  train(config_, folder_ / "run", false, {});
  config_.model.width = 0.03;
  expect_error(ErrorKind::failure, {"another experiment"}, [&] { train(config_, folder_ / "run", true, {}); });
}

TEST_F(Resuming, NamesTheChangedKeysAndWritesTheNewOnes) {
  train_until(2, config_, folder_ / "run");
  config_.train.lr = 2e-3;
  config_.train.augment.flip = 0.25;
  config_.data.workers = 0;  // decides nothing
  Messages messages;
  train(config_, folder_ / "run", true, {&messages, nullptr});
  EXPECT_THAT(messages.warnings,
              AllOf(HasSubstr("train.lr (0.001 then, 0.002 now)"), HasSubstr("train.flip (0.5 then, 0.25 now)"),
                    HasSubstr("not be bit-identical"), Not(HasSubstr("workers"))));
  EXPECT_EQ(read_text_file(folder_ / "run/config.toml"), to_toml(config_tree(config_)));
  const Json provenance = Json::parse(read_text_file(folder_ / "run/provenance.json"));
  const Json of_model = load_model(folder_ / "run/last.safetensors").card.provenance;
  EXPECT_EQ(provenance["recipe_sha256"], of_model["recipe_sha256"]);
  EXPECT_EQ(provenance["precision"], "fp32");
}

TEST_F(Resuming, NamesWhatElseDecidesTheBits) {
  train_until(2, config_, folder_ / "run");
  change_state(folder_ / "run", [](auto& metadata) {
    Json fingerprint = Json::parse(metadata["fingerprint"]);
    EXPECT_EQ(fingerprint["device"], "cpu");
    EXPECT_EQ(fingerprint["precision"], "fp32");
    EXPECT_TRUE(fingerprint["cpu_features"].is_array());
    fingerprint["precision"] = "bf16";
    fingerprint["cpu_features"].push_back("zz_new");
    metadata["fingerprint"] = fingerprint.dump();
  });
  Messages messages;
  train(config_, folder_ / "run", true, {&messages, nullptr});
  EXPECT_THAT(messages.warnings, AllOf(HasSubstr("precision (bf16 then, fp32 now)"),
                                       HasSubstr("CPU features (zz_new then, no more now)")));
}

TEST_F(Resuming, TakesCheckpointsOfOlderPrograms) {
  train(config_, folder_ / "whole", false, {});
  train_until(4, config_, folder_ / "run");
  change_state(folder_ / "run", make_older);
  Messages messages;
  train(config_, folder_ / "run", true, {&messages, nullptr});
  EXPECT_THAT(messages.warnings,
              AllOf(HasSubstr("does not record cpu_features, device, precision"), Not(HasSubstr("not the same"))));
  expect_same_models(folder_ / "whole", folder_ / "run");
}

// Keys that came later have their defaults in the configuration of an older run; one that went cannot be compared.
TEST_F(Resuming, TakesConfigurationsOfOlderPrograms) {
  const auto resumed = [&](const char* name, const std::string& from, const std::string& to) {
    train_until(2, config_, folder_ / name);
    change_state(folder_ / name, [](auto& metadata) {
      Json fingerprint = Json::parse(metadata["fingerprint"]);
      fingerprint["config"] = "of other keys";
      metadata["fingerprint"] = fingerprint.dump();
    });
    std::string words = read_text_file(folder_ / name / "config.toml");
    words.replace(words.find(from), from.size(), to);
    write_file(folder_ / name / "config.toml", words);
    Messages messages;
    train(config_, folder_ / name, true, {&messages, nullptr});
    return messages.warnings;
  };
  EXPECT_THAT(resumed("later", "encoder_lr = 1.0\n", ""), HasSubstr("the configuration (other keys exist now"));
  EXPECT_THAT(resumed("gone", "encoder_lr = 1.0\n", "oldest_key = 1.0\n"), HasSubstr("oldest_key"));
}

// The checkpoint replaces every tensor of the files that a run began with.
TEST_F(Resuming, NeedsNoFileThatTheRunBeganWith) {
  ExperimentConfig first = config_;
  first.train.epochs = 1;
  train(first, folder_ / "first", false, {});
  std::filesystem::copy_file(folder_ / "first/last.safetensors", folder_ / "init.safetensors");
  TensorFile encoder = read_safetensors(folder_ / "init.safetensors");
  encoder.metadata = {{"bn_eps", "2e-05"}};  // what the file decides of the architecture
  std::erase_if(encoder.tensors, [](const auto& item) { return !item.first.starts_with("encoder."); });
  write_safetensors(encoder, folder_ / "encoder.safetensors");

  ExperimentConfig from_init = config_, from_encoder = config_;
  from_init.train.init = (folder_ / "init.safetensors").string();
  from_init.model = ModelConfig{};  // the file decides
  from_encoder.model.encoder_weights = (folder_ / "encoder.safetensors").string();
  train(from_init, folder_ / "init", false, {});
  train(from_encoder, folder_ / "encoder", false, {});
  train_until(4, from_init, folder_ / "init_run");
  train_until(4, from_init, folder_ / "init_older");
  change_state(folder_ / "init_older", make_older);
  train_until(4, from_encoder, folder_ / "encoder_run");
  std::filesystem::remove(folder_ / "init.safetensors");
  std::filesystem::remove(folder_ / "encoder.safetensors");

  train(from_init, folder_ / "init_run", true, {});
  expect_same_models(folder_ / "init", folder_ / "init_run");
  train(from_init, folder_ / "init_older", true, {});
  expect_same_models(folder_ / "init", folder_ / "init_older");
  train(from_encoder, folder_ / "encoder_run", true, {});
  expect_same_models(folder_ / "encoder", folder_ / "encoder_run");
  EXPECT_TRUE(train(from_init, folder_ / "init_run", true, {}).already_finished);
}

TEST_F(Resuming, WithFewerEpochsThanAreDoneSaysSo) {
  config_.train.epochs = 4;
  config_.train.validate_every = 4;
  train_until(7, config_, folder_ / "run");
  const std::string before = read_text_file(folder_ / "run/config.toml");
  const std::string model = sha256_of_file(folder_ / "run/last.safetensors");
  config_.train.epochs = 1;
  Messages messages;
  const TrainResult result = train(config_, folder_ / "run", true, {&messages, nullptr});
  EXPECT_TRUE(result.already_finished);
  EXPECT_EQ(result.steps, 7);
  EXPECT_EQ(result.model, folder_ / "run/last.safetensors") << "none was judged";
  EXPECT_THAT(messages.notes, HasSubstr("has done 2 epochs and train.epochs is 1"));
  EXPECT_EQ(messages.warnings, "");
  EXPECT_EQ(read_text_file(folder_ / "run/config.toml"), before) << "what is there was trained with it";
  EXPECT_EQ(sha256_of_file(folder_ / "run/last.safetensors"), model);
}

TEST_F(Resuming, WritesModelsThatAKillLeftBehind) {
  train_until(3, config_, folder_ / "run");
  std::filesystem::copy_file(folder_ / "run/last.safetensors", folder_ / "older.safetensors");
  train(config_, folder_ / "run", true, {});
  std::filesystem::copy(folder_ / "run", folder_ / "killed");
  std::filesystem::copy_file(folder_ / "older.safetensors", folder_ / "killed/last.safetensors",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(train(config_, folder_ / "killed", true, {}).already_finished);
  expect_same_models(folder_ / "run", folder_ / "killed");
}

TEST_F(Resuming, DamagedStatesAreNamed) {
  train_until(2, config_, folder_ / "run");
  change_state(folder_ / "run", [](auto& metadata) { metadata["position"] = std::string(100'000, '['); });
  expect_error(ErrorKind::failure, {"state.safetensors", "damaged", "deeper"},
               [&] { train(config_, folder_ / "run", true, {}); });
  EXPECT_TRUE(std::filesystem::exists(folder_ / "run/state.safetensors"));
}

}  // namespace
}  // namespace throng
