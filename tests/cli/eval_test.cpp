#include <gmock/gmock.h>

#include <cmath>

#include "cli/tiny_workplace.h"
#include "core/checksum.h"
#include "data/manifest.h"

namespace throng {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

class EvalTest : public TinyWorkplace {
 protected:
  void SetUp() override {
    Manifest manifest{.name = "tiny set", .entries = {}};
    add(manifest, "one.png", 60, 40, 3, "test");
    add(manifest, "two.png", 48, 64, 0, "test");
    add(manifest, "three.png", 33, 35, 7, "test");
    add(manifest, "four.png", 33, 35, 7, "train");
    write_manifest(manifest, at("m.jsonl"));
  }

  void add(Manifest& manifest, const std::string& name, int width, int height, int people, const std::string& split) {
    ManifestEntry entry{.image = picture(name, width, height, manifest.entries.size() + 1),
                        .width = width,
                        .height = height,
                        .points = {},
                        .split = split,
                        .group = {}};
    for (int i = 0; i < people; ++i) entry.points.push_back({i + 0.5, i + 0.5});
    manifest.entries.push_back(entry);
  }
};

TEST_F(EvalTest, FiguresFollowFromCounts) {
  const nlohmann::json json =
      run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json", "--threads", "1"});
  const nlohmann::json counted =
      run_json({"count", "--json", "--threads", "1", at("one.png"), at("two.png"), at("three.png")});
  const double truths[] = {3, 0, 7};
  double absolute = 0, squared = 0, normalised = 0;
  ASSERT_EQ(json["per_image"].size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const double count = counted["images"][i]["count"], error = count - truths[i];
    EXPECT_EQ(json["per_image"][i]["count"], count);
    EXPECT_EQ(json["per_image"][i]["truth"], truths[i]);
    EXPECT_NEAR(json["per_image"][i]["error"].get<double>(), error, 1e-9);
    EXPECT_THAT(json["per_image"][i]["path"].get<std::string>(), HasSubstr(".png"));
    absolute += std::abs(error);
    squared += error * error;
    if (truths[i] > 0) normalised += std::abs(error) / truths[i];
  }
  EXPECT_NEAR(json["mae"].get<double>(), absolute / 3, 1e-9);
  EXPECT_NEAR(json["rmse"].get<double>(), std::sqrt(squared / 3), 1e-9);
  EXPECT_NEAR(json["nae"].get<double>(), normalised / 2, 1e-9);
  EXPECT_EQ(json["images"], 3);
  EXPECT_EQ(json["split"], "test");
  EXPECT_EQ(json["model"]["name"], "tiny-resnet18");
  EXPECT_EQ(json["data_sha256"], sha256_of_file(at("m.jsonl")));
  EXPECT_EQ(json["precision"], "fp32");
  EXPECT_EQ(json["threads"], 1);
}

TEST_F(EvalTest, TheLastLineHoldsTheFigures) {
  const ProgramResult result = run({"eval", "--data", at("m.jsonl"), "--split", "test"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(lines(result.out).back(), testing::MatchesRegex("MAE [0-9.]+ RMSE [0-9.]+ NAE [0-9.]+"));
}

TEST_F(EvalTest, LimitTakesTheFirst) {
  const nlohmann::json json = run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json", "--limit", "2"});
  EXPECT_EQ(json["images"], 2);
  EXPECT_THAT(json["per_image"][0]["path"].get<std::string>(), HasSubstr("one.png"));
}

TEST_F(EvalTest, TableAndWorstCases) {
  const nlohmann::json json = run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json", "--csv",
                                        at("t.csv"), "--worst", at("worst"), "--worst-count", "2"});
  EXPECT_EQ(lines(read_text_file(at("t.csv"))).size(), 4U);
  EXPECT_EQ(lines(read_text_file(at("t.csv")))[0], "path,count,truth,error");

  std::vector<std::pair<double, std::string>> errors;
  for (const auto& row : json["per_image"]) {
    errors.emplace_back(-std::abs(row["error"].get<double>()),
                        std::filesystem::path(row["path"].get<std::string>()).stem().string());
  }
  std::ranges::sort(errors);
  EXPECT_TRUE(std::filesystem::exists(at("worst/001-" + errors[0].second + ".png")));
  EXPECT_TRUE(std::filesystem::exists(at("worst/002-" + errors[1].second + ".png")));
  const auto drawn = std::filesystem::directory_iterator(at("worst"));
  EXPECT_EQ(std::distance(begin(drawn), end(drawn)), 2);
}

TEST_F(EvalTest, FiguresAreNotLostWithAFileThatCannotBeWritten) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const ProgramResult table = run({"eval", "--data", at("m.jsonl"), "--split", "test", "--csv", "/dev/full"});
  EXPECT_EQ(table.exit_code, 1);
  EXPECT_THAT(table.err, HasSubstr("/dev/full"));
  EXPECT_THAT(lines(table.out).back(), StartsWith("MAE "));
}

TEST_F(EvalTest, APictureThatCannotBeReadIsLeftOut) {
  file("two.png", "damaged");
  const nlohmann::json json = run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json"}, 3);
  EXPECT_EQ(json["images"], 2);
  ASSERT_EQ(json["per_image"].size(), 3U);
  EXPECT_THAT(json["per_image"][1]["unreadable"].get<std::string>(), HasSubstr("two.png"));
}

TEST_F(EvalTest, WrongDataIsSaid) {
  const ProgramResult split = run({"eval", "--data", at("m.jsonl"), "--split", "tset"});
  EXPECT_EQ(split.exit_code, 2);
  EXPECT_THAT(split.err, HasSubstr("train"));
  EXPECT_EQ(run({"eval", "--data", at("none.jsonl"), "--split", "test"}).exit_code, 3);
  EXPECT_EQ(run({"eval", "--data", file("bad.jsonl", "{"), "--split", "test"}).exit_code, 3);
}

}  // namespace

}  // namespace throng
