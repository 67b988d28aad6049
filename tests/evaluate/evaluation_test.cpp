#include "evaluate/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

#include "core/file.h"
#include "core/text.h"
#include "evaluate/masks.h"
#include "expect_error.h"
#include "image/codec.h"
#include "infer/inspect.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

namespace throng {
namespace {

using testing::HasSubstr;

struct Said final : MessageSink {
  void message(Level level, std::string_view sentence) override {
    (level == Level::warning ? warnings : notes) += std::string(sentence) + "\n";
  }
  std::string warnings, notes;
};

class EvaluationTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<TemporaryFolder>();
    model_ = save_tiny_model(*shared_ / "tiny.safetensors");
  }
  static void TearDownTestSuite() { shared_.reset(); }

  ManifestEntry entry(const std::string& name, int width, int height, int people) const {
    save_image(noisy_picture(width, height, static_cast<std::uint64_t>(people) + 1), folder_ / name);
    return {.image = folder_ / name,
            .width = width,
            .height = height,
            .points = std::vector<Point>(static_cast<std::size_t>(people), Point{3, 3}),
            .split = "test",
            .group = {}};
  }

  Evaluation run(const std::vector<ManifestEntry>& entries, const EvaluationOptions& options = {},
                 const CounterOptions& counter = {.threads = 1}) {
    return evaluate(Counter::load(model_, counter), entries, options, {&said_, nullptr}, {});
  }

  TemporaryFolder folder_;
  Said said_;
  static inline std::unique_ptr<TemporaryFolder> shared_;
  static inline std::filesystem::path model_;
};

TEST_F(EvaluationTest, CountsAreTheCountersAndTheWorstIsKept) {
  EvaluationOptions options;
  options.keep_worst = 1;
  const std::vector<ManifestEntry> entries = {entry("a.png", 60, 40, 3), entry("b.png", 33, 47, 900)};
  const Evaluation evaluation = run(entries, options);
  const Counter counter = Counter::load(model_, {.threads = 1});
  double absolute = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const double count = counter.count(load_image(entries[i].image)).count;
    EXPECT_EQ(evaluation.images[i].count, count);
    absolute += std::abs(count - static_cast<double>(entries[i].points.size()));
  }
  EXPECT_NEAR(evaluation.errors.mae, absolute / 2, 1e-9);
  EXPECT_EQ(evaluation.by_level[2].images, 1);
  ASSERT_EQ(evaluation.worst.size(), 1U);
  EXPECT_THAT(evaluation.worst[0].image.path, HasSubstr("b.png"));
  EXPECT_EQ(evaluation.worst[0].result.count, evaluation.images[1].count);
  EXPECT_EQ(said_.warnings, "");
}

TEST_F(EvaluationTest, WhatCannotBeCountedIsLeftOutAndTheOthersGoOn) {
  std::vector<ManifestEntry> entries = {entry("good.png", 40, 40, 2),    entry("damaged.png", 40, 40, 2),
                                        entry("missing.png", 40, 40, 2), entry("turned.png", 40, 30, 2),
                                        entry("large.png", 40, 40, 2),   entry("masked.png", 40, 40, 2),
                                        entry("last.png", 40, 40, 5)};
  write_file(entries[1].image, std::string_view("damaged"));
  std::filesystem::remove(entries[2].image);
  std::swap(entries[3].width, entries[3].height);
  entries[4].width = 2000;
  entries[4].height = 1500;
  save_image(filled_image(2000, 1500, {9, 9, 9}), entries[4].image);
  entries[5].roi = save_left_mask(folder_ / "mask.png", 7, 7, 3);

  const Evaluation evaluation = run(entries, {}, {.threads = 1, .memory_limit = 100 << 20});
  EXPECT_EQ(evaluation.left_out, 5);
  EXPECT_EQ(evaluation.errors.images, 2);
  ASSERT_EQ(evaluation.images.size(), 7U);
  EXPECT_EQ(evaluation.images[0].problem, "");
  EXPECT_EQ(evaluation.images[6].problem, "");
  const char* words[] = {"damaged.png", "missing.png", "turned.png", "large.png", "mask.png"};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_THAT(evaluation.images[i + 1].problem, HasSubstr(words[i]));
    EXPECT_THAT(said_.warnings, HasSubstr(words[i]));
    EXPECT_EQ(evaluation.images[i + 1].truth, 2);
  }
  EXPECT_THAT(evaluation.images[3].problem, HasSubstr("30x40"));
  EXPECT_THAT(evaluation.images[4].problem, HasSubstr("memory"));
  EXPECT_THAT(said_.warnings, HasSubstr("5 of 7 pictures"));
}

TEST_F(EvaluationTest, NothingThatCouldBeCountedIsAnError) {
  ManifestEntry bad = entry("bad.png", 40, 40, 2);
  bad.width = 41;
  expect_error(ErrorKind::input, {"none of 1 picture", "bad.png", "41x40"}, [&] { run({bad}); });
  EXPECT_THAT(said_.warnings, HasSubstr("bad.png"));
  expect_error(ErrorKind::failure, {"memory"},
               [&] { run({entry("a.png", 40, 40, 2)}, {}, {.threads = 1, .memory_limit = 1}); });
}

TEST_F(EvaluationTest, UnannotatedPicturesAreInNoFigure) {
  ManifestEntry unknown = entry("unknown.png", 40, 40, 0), only_count = entry("count.png", 40, 40, 0);
  unknown.annotated = only_count.annotated = false;
  only_count.count = 12;
  const std::vector<ManifestEntry> entries = {unknown, only_count};
  const Evaluation evaluation = run(entries);
  EXPECT_EQ(evaluation.unannotated, 1);
  EXPECT_EQ(evaluation.left_out, 0);
  ASSERT_EQ(evaluation.images.size(), 1U);
  EXPECT_EQ(evaluation.images[0].truth, 12);
  EXPECT_EQ(evaluation.errors.images, 1);
  EXPECT_THAT(said_.notes, HasSubstr("1 of 2 pictures"));

  EvaluationOptions options;
  options.unannotated = true;
  const Evaluation both = run(entries, options);
  ASSERT_EQ(both.images.size(), 2U);
  EXPECT_TRUE(std::isnan(both.images[0].truth));
  EXPECT_NE(both.images[0].count, 0);
  EXPECT_EQ(both.errors.images, 1);
  const Evaluation none = run({unknown}, options);
  EXPECT_EQ(none.images.size(), 1U);
  EXPECT_TRUE(std::isnan(none.errors.mae));
  expect_error(ErrorKind::usage, {"annotated", "--submission"}, [&] { run({unknown}); });
}

TEST_F(EvaluationTest, UnknownLabelsAreRefused) {
  EvaluationOptions options;
  options.labels = {"wether"};
  ManifestEntry labelled = entry("a.png", 40, 40, 1);
  expect_error(ErrorKind::usage, {"'wether'", "no labels"}, [&] { run({labelled}, options); });
  labelled.labels = {{"weather", "fog"}};
  expect_error(ErrorKind::usage, {"'wether'", "weather"}, [&] { run({labelled}, options); });
}

TEST_F(EvaluationTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const std::vector<ManifestEntry> entries = {entry("a.png", 40, 40, 1)};
  expect_error(ErrorKind::interrupted, {"0 of 1 picture:"},
               [&] { evaluate(Counter::load(model_, {.threads = 1}), entries, {}, {}, source.get_token()); });
}

TEST_F(EvaluationTest, ExpertsAndGroupsEndInTheCount) {
  const std::vector<ManifestEntry> entries = {entry("a.png", 60, 40, 3), entry("b.png", 37, 53, 8)};
  const Evaluation plain = run(entries);
  const Inspector inspector = Inspector::load(model_, {.threads = 1});
  const Evaluation inspected = evaluate(inspector, entries, {}, {}, {});
  ASSERT_EQ(inspected.outputs.size(), 7U);
  EXPECT_EQ(inspected.outputs[0].name, "expert1");
  EXPECT_EQ(inspected.outputs[3].level, 1);
  EXPECT_EQ(inspected.outputs[6].name, "final");
  EXPECT_EQ(inspected.errors.mae, plain.errors.mae);
  EXPECT_EQ(inspected.outputs[6].errors.mae, plain.errors.mae);
  double absolute = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(inspected.images[i].count, plain.images[i].count);
    const Inspection seen = inspector.inspect(load_image(entries[i].image));
    EXPECT_EQ(inspected.images[i].outputs[1].count, seen.maps[1].count);
    absolute += std::abs(seen.maps[1].count - static_cast<double>(entries[i].points.size()));
  }
  EXPECT_NEAR(inspected.outputs[1].errors.mae, absolute / 2, 1e-9);
}

TEST(Trancos, IsJudgedByGame) {
  EXPECT_TRUE(judged_by_game({.name = "trancos", .entries = {}}));
  EXPECT_TRUE(judged_by_game({.name = "TRANCOS_v3", .entries = {}}));
  EXPECT_FALSE(judged_by_game({.name = "jhu_crowd", .entries = {}}));
}

}  // namespace
}  // namespace throng
