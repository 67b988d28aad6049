#include "experiments/folds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/checksum.h"
#include "core/file.h"
#include "core/text.h"
#include "expect_error.h"
#include "image/codec.h"
#include "temporary_folder.h"
#include "throng/counter.h"
#include "train/stopped_run.h"
#include "train/tiny_experiment.h"

namespace throng {
namespace {

using testing::HasSubstr;

class FoldsTest : public testing::Test {
 protected:
  void SetUp() override {
    Manifest manifest = read_manifest(make_dotted_data(folder_.path(), 7));
    for (std::size_t i = 0; i < 6; ++i) manifest.entries[i].split = text("fold", i / 2 + 1);
    write_manifest(manifest, folder_ / "folds.jsonl");
    config_ = tiny_experiment(folder_ / "folds.jsonl");
    config_.data.validation = 0;
    config_.train.epochs = 1;
  }

  CrossValidation run(bool resume = false, const Reporter& reporter = {}, const std::stop_token& stop = {}) {
    return cross_validate(config_, folder_ / "out", resume, reporter, stop);
  }

  TemporaryFolder folder_;
  ExperimentConfig config_;
};

TEST_F(FoldsTest, EachFoldIsCountedByAModelThatHasNotSeenIt) {
  const CrossValidation result = run();
  ASSERT_EQ(result.folds.size(), 3U);
  CountErrors mean{0, 0, 0, 0};
  const Manifest all = read_manifest(folder_ / "folds.jsonl");
  for (const FoldErrors& fold : result.folds) {
    std::set<std::string> held_out, trained;
    const Manifest own = read_manifest(folder_ / "out" / (fold.fold + ".jsonl"));
    for (const ManifestEntry& entry : own.entries) {
      (entry.split == "test" ? held_out : trained).insert(entry.image.filename().string());
    }
    EXPECT_EQ(held_out.size(), 2U);
    EXPECT_EQ(trained.size(), 4U);  // the seventh picture belongs to no fold

    const Counter counter = Counter::load(fold.model, {.threads = 1});
    double absolute = 0;
    for (const ManifestEntry& entry : all.split(fold.fold)) {
      EXPECT_TRUE(held_out.contains(entry.image.filename().string()));
      absolute += std::abs(counter.count(load_image(entry.image)).count - static_cast<double>(entry.points.size()));
    }
    EXPECT_NEAR(fold.errors.mae, absolute / 2, 1e-6);
    EXPECT_EQ(fold.model_sha256, sha256_of_file(fold.model));
    mean.mae += fold.errors.mae / 3;
    mean.rmse += fold.errors.rmse / 3;
  }
  EXPECT_NEAR(result.mean.mae, mean.mae, 1e-9);
  EXPECT_NEAR(result.mean.rmse, mean.rmse, 1e-9);
  EXPECT_EQ(result.mean.images, 6);

  const std::string words = cross_validation_text(result);
  EXPECT_TRUE(words.ends_with("\nMAE " + fixed(mean.mae, 2) + " RMSE " + fixed(mean.rmse, 2) + " NAE " +
                              fixed(result.mean.nae, 4) + "\n"));
  const Json json = cross_validation_json(result);
  EXPECT_EQ(json["folds"].size(), 3U);
  EXPECT_EQ(json["folds"][2]["fold"], "fold3");
  EXPECT_EQ(json["data_sha256"], sha256_of_file(folder_ / "folds.jsonl"));
}

TEST_F(FoldsTest, GoesOnWhereItWasStopped) {
  config_.train.epochs = 4;
  const CrossValidation whole = cross_validate(config_, folder_ / "whole", false, {}, {});
  StopAt stop(3);
  expect_error(ErrorKind::interrupted, {"--resume"}, [&] { run(false, {nullptr, &stop}, stop.token()); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/fold1.json"));
  const CrossValidation resumed = run(true);
  EXPECT_EQ(cross_validation_text(resumed), cross_validation_text(whole));

  Messages messages;
  const auto before = std::filesystem::last_write_time(folder_ / "out/fold2/state.safetensors");
  EXPECT_EQ(cross_validation_text(run(true, {&messages, nullptr})), cross_validation_text(whole));
  EXPECT_THAT(messages.notes, HasSubstr("fold2 is finished already"));
  EXPECT_EQ(std::filesystem::last_write_time(folder_ / "out/fold2/state.safetensors"), before);
}

TEST_F(FoldsTest, FoldsOfDifferentConfigurationsAreNotMixed) {
  run();
  expect_error(ErrorKind::usage, {"--resume"}, [&] { run(); });
  config_.train.lr *= 2;
  expect_error(ErrorKind::usage, {"another configuration", "folds.toml"}, [&] { run(true); });
}

TEST_F(FoldsTest, WhatFailsAtOnceLeavesNothing) {
  config_.model.encoder_weights = (folder_ / "missing.pth").string();
  EXPECT_THROW(run(), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(FoldsTest, NeedsFolds) {
  config_.data.manifest = (folder_ / "dots.jsonl").string();
  expect_error(ErrorKind::usage, {"dots.jsonl", "fold", "ucf_cc_50"}, [&] { run(); });

  Manifest manifest = read_manifest(folder_ / "folds.jsonl");
  manifest.entries.front().split = "fold/../../1";
  write_manifest(manifest, folder_ / "climbing.jsonl");
  config_.data.manifest = (folder_ / "climbing.jsonl").string();
  expect_error(ErrorKind::usage, {"climbing.jsonl", "'fold/../../1'"}, [&] { run(); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

}  // namespace
}  // namespace throng
