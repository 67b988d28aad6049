#include <gmock/gmock.h>

#include "cli/tiny_workplace.h"
#include "core/text.h"
#include "data/manifest.h"

namespace throng {

namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// Twenty annotated pictures that nothing was trained on.
class CalibrateTest : public TinyWorkplace {
 protected:
  void SetUp() override {
    Manifest manifest{.name = "held out", .entries = {}};
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const std::string name = text("picture", seed, ".png");
      ManifestEntry entry{
          .image = picture(name, 40, 36, seed), .width = 40, .height = 36, .points = {}, .split = "held", .group = {}};
      entry.points.assign(static_cast<std::size_t>(5 + seed), Point{3, 3});
      manifest.entries.push_back(entry);
    }
    write_manifest(manifest, at("m.jsonl"));
  }
  ProgramResult calibrate() const {
    return run({"model", "calibrate", model_, at("sure.safetensors"), "--data", at("m.jsonl"), "--split", "held",
                "--threads", "1"});
  }
};

TEST_F(CalibrateTest, CountsThenComeWithIntervals) {
  const ProgramResult made = calibrate();
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("intervals calibrated on 20 pictures"));
  EXPECT_EQ(run_json({"model", "info", at("sure.safetensors"), "--json"})["intervals_calibrated_on"], 20);

  const std::vector<std::string> options = {"--model", at("sure.safetensors"), "--threads", "1", "--interval", "0.9"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), options.begin(), options.end());
    return words;
  };
  const std::string one = at("picture1.png"), two = at("picture2.png");
  const ProgramResult lines = run(with({"count", one, two, "--csv", at("t.csv")}));
  EXPECT_EQ(lines.exit_code, 0) << lines.err;
  EXPECT_THAT(lines.out, ContainsRegex("picture1.png\t[0-9.]+\t\\(90 %: [0-9]+-[0-9]+\\)\n"));
  EXPECT_THAT(lines.out, ContainsRegex("total\t[0-9.]+\t2 images\t\\(90 %: [0-9]+-[0-9]+\\)\n"));
  EXPECT_THAT(read_text_file(at("t.csv")), HasSubstr("path,width,height,count,seconds,error,low,high"));

  const nlohmann::json json = run_json(with({"count", "--json", one, two}));
  double sum_of_highs = 0;
  for (const nlohmann::json& image : json["images"]) {
    EXPECT_EQ(image["interval"]["level"], 0.9);
    EXPECT_LE(image["interval"]["low"], image["count"]);
    EXPECT_GE(image["interval"]["high"], image["count"]);
    EXPECT_TRUE(image["unfamiliarity"].is_number());
    sum_of_highs += image["interval"]["high"].get<double>();
  }
  EXPECT_LE(json["total_interval"]["high"], sum_of_highs + 1e-6);
  EXPECT_GE(json["total_interval"]["high"], json["total"]);

  const ProgramResult eval = run(with({"eval", "--data", at("m.jsonl"), "--split", "held"}));
  EXPECT_THAT(eval.out, ContainsRegex("interval 90 %\tcoverage [01].[0-9]+ mean width [0-9.]+\t20 images\nMAE "));
  EXPECT_THAT(eval.out, HasSubstr("2 totals"));
  const nlohmann::json document = run_json(with({"eval", "--json", "--data", at("m.jsonl"), "--split", "held"}));
  EXPECT_GE(document["intervals"]["coverage"], 0.85);  // of the pictures that it was calibrated on
  EXPECT_EQ(document["intervals"]["totals"]["images_each"], 10);
}

TEST_F(CalibrateTest, WithoutACalibrationThereIsNoGuess) {
  const ProgramResult result = run({"count", at("picture1.png"), "--interval", "0.9"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("throng model calibrate"));
  EXPECT_THAT(run({"count", at("picture1.png")}).out, Not(HasSubstr("%")));
  const ProgramResult none = run({"count", at("picture1.png"), "--interval", "0"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("--interval"));
}

TEST_F(CalibrateTest, TrainingOnDropsItAndSaysSo) {
  ASSERT_EQ(calibrate().exit_code, 0);
  write_file(at("c.toml"), "[train]\nepochs = 1\ncrop = 32\nbatch = 4\n");
  const ProgramResult trained =
      run({"train", at("c.toml"), "--out", at("run"), "--set", "data.manifest=" + at("m.jsonl"), "--set",
           "data.split=held", "--set", "data.validation=0", "--set", "train.init=" + at("sure.safetensors")});
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("throng model calibrate"));
  EXPECT_EQ(run_json({"model", "info", at("run/last.safetensors"), "--json"})["intervals_calibrated_on"], 0);
}

TEST_F(CalibrateTest, RefusesWhatItCannotLearnFrom) {
  ProgramResult few =
      run({"model", "calibrate", model_, at("no.safetensors"), "--data", at("m.jsonl"), "--split", "x"});
  EXPECT_EQ(few.exit_code, 2);
  Manifest manifest = read_manifest(at("m.jsonl"));
  manifest.entries.resize(19);
  write_manifest(manifest, at("few.jsonl"));
  few = run({"model", "calibrate", model_, at("no.safetensors"), "--data", at("few.jsonl"), "--split", "held"});
  EXPECT_EQ(few.exit_code, 2);
  EXPECT_THAT(few.err, HasSubstr("at least 20"));
  manifest = read_manifest(at("m.jsonl"));
  manifest.entries.push_back(manifest.entries.front());
  write_manifest(manifest, at("twice.jsonl"));
  few = run({"model", "calibrate", model_, at("no.safetensors"), "--data", at("twice.jsonl"), "--split", "held"});
  EXPECT_EQ(few.exit_code, 2);
  EXPECT_THAT(few.err, HasSubstr("is there twice"));
  manifest.entries.back().image = at("gone.png");
  write_manifest(manifest, at("gone.jsonl"));
  few = run({"model", "calibrate", model_, at("no.safetensors"), "--data", at("gone.jsonl"), "--split", "held"});
  EXPECT_NE(few.exit_code, 0);
  EXPECT_THAT(few.err, HasSubstr("gone.png"));
  manifest.entries.pop_back();
  manifest.entries.front().roi = manifest.entries.front().image;
  write_manifest(manifest, at("part.jsonl"));
  few = run({"model", "calibrate", model_, at("no.safetensors"), "--data", at("part.jsonl"), "--split", "held"});
  EXPECT_EQ(few.exit_code, 2);
  EXPECT_THAT(few.err, HasSubstr("region of interest"));
  EXPECT_FALSE(std::filesystem::exists(at("no.safetensors")));
}

}  // namespace

}  // namespace throng
