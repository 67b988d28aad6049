#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "cli/tiny_workplace.h"
#include "core/checksum.h"
#include "data/manifest.h"
#include "report/mark.h"

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

TEST_F(EvalTest, CountsAtOtherScalesAsCountDoes) {
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"--scale", "2,1"}, {"--scale=auto"}, {"--mirror", "--scale", "0.71"}}) {
    std::vector<std::string> eval = {"eval", "--data", at("m.jsonl"), "--split",
                                     "test", "--json", "--csv",       at("t.csv")};
    std::vector<std::string> count = {"count", "--json", at("one.png"), at("two.png"), at("three.png")};
    eval.insert(eval.end(), how.begin(), how.end());
    count.insert(count.end(), how.begin(), how.end());
    const nlohmann::json evaluated = run_json(eval), counted = run_json(count);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(evaluated["per_image"][i]["count"], counted["images"][i]["count"]) << how.back();
      EXPECT_EQ(evaluated["per_image"][i].value("scales", nlohmann::json()),
                counted["images"][i].value("scales", nlohmann::json()));
    }
    if (how.front() != "--scale=auto") EXPECT_THAT(read_text_file(at("t.csv")), HasSubstr(",scales\n"));
  }
  const ProgramResult both = run({"eval", "--data", at("m.jsonl"), "--split", "test", "--experts", "--scale", "2"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, HasSubstr("--scale"));
}

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
  EXPECT_THAT(result.out, HasSubstr("\npoints within 8 px\tprecision "));
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
  EXPECT_TRUE(is_marked(at("worst/001-" + errors[0].second + ".png")));
  const auto drawn = std::filesystem::directory_iterator(at("worst"));
  EXPECT_EQ(std::distance(begin(drawn), end(drawn)), 2);
}

TEST_F(EvalTest, WorstCasesReplaceThoseOfAnEarlierRunAndNothingElse) {
  const auto draw = [&](const char* count) {
    return run({"eval", "--data", at("m.jsonl"), "--split", "test", "--worst", at("worst"), "--worst-count", count});
  };
  const auto drawn = [&] {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(at("worst"))) names.push_back(file.path().filename());
    std::ranges::sort(names);
    return names;
  };
  EXPECT_EQ(draw("3").exit_code, 0);
  std::vector<std::string> names = drawn();
  ASSERT_EQ(names.size(), 3U);
  const std::string photo = read_text_file(picture("photo.png"));
  file("worst/" + names[0], photo);
  file("worst/002-mine.png", photo);
  std::filesystem::copy(at("worst/" + names[2]), at("worst/street.png"));  // as by count --heatmap
  const ProgramResult again = draw("1");
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr(names[0] + "' was not made by throng and stays"));
  const std::string other = std::filesystem::path(names[0]).stem().string() + "-2.png";
  EXPECT_THAT(drawn(), testing::UnorderedElementsAre(names[0], other, "002-mine.png", "street.png"));
  EXPECT_EQ(read_text_file(at("worst/" + names[0])), photo);
  EXPECT_EQ(read_text_file(at("worst/002-mine.png")), photo);
  EXPECT_TRUE(is_marked(at("worst/" + other)));
}

TEST_F(EvalTest, ATableAndASubmissionAreTwoFiles) {
  const ProgramResult result =
      run({"eval", "--data", at("m.jsonl"), "--split", "test", "--csv", at("t.csv"), "--submission", at("./t.csv")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--csv and --submission name the same file"));
  EXPECT_EQ(result.out, "");
}

TEST_F(EvalTest, FiguresAreNotLostWithAFileThatCannotBeWritten) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const ProgramResult table = run({"eval", "--data", at("m.jsonl"), "--split", "test", "--csv", "/dev/full"});
  EXPECT_EQ(table.exit_code, 1);
  EXPECT_THAT(table.err, HasSubstr("/dev/full"));
  EXPECT_THAT(lines(table.out).back(), StartsWith("MAE "));
}

TEST_F(EvalTest, ASubmissionIsNotLostWithAWorstCaseThatCannotBeDrawn) {
  for (const char* name : {"one", "two", "three"}) {
    std::filesystem::create_directories(folder_ / "worst" / text("001-", name, ".png"));
  }
  const ProgramResult result = run({"eval", "--data", at("m.jsonl"), "--split", "test", "--device", "cpu", "--worst",
                                    at("worst"), "--submission", at("s.txt")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("001-"));
  EXPECT_EQ(lines(read_text_file(at("s.txt"))).size(), 3U);
}

TEST_F(EvalTest, APictureThatCannotBeReadIsLeftOut) {
  file("two.png", "damaged");
  const nlohmann::json json = run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json"}, 3);
  EXPECT_EQ(json["images"], 2);
  ASSERT_EQ(json["per_image"].size(), 3U);
  EXPECT_THAT(json["per_image"][1]["unreadable"].get<std::string>(), HasSubstr("two.png"));
}

TEST_F(EvalTest, APictureOfAnotherSizeOrTooLargeIsLeftOut) {
  Manifest manifest = read_manifest(at("m.jsonl"));
  save_image(noisy_picture(30, 40, 5), manifest.entries[0].image);
  save_image(noisy_picture(1200, 1200, 5), manifest.entries[1].image);
  manifest.entries[1].width = manifest.entries[1].height = 1200;
  write_manifest(manifest, at("m.jsonl"));
  const std::vector<std::string> command = {"eval", "--data", at("m.jsonl"), "--split", "test", "--memory", "70M"};
  std::vector<std::string> with_json = command;
  with_json.emplace_back("--json");
  const nlohmann::json json = run_json(with_json, 3);
  EXPECT_EQ(json["images"], 1);
  EXPECT_EQ(json["left_out"], 2);
  EXPECT_THAT(json["per_image"][0]["unreadable"].get<std::string>(), HasSubstr("60x40"));
  EXPECT_THAT(json["per_image"][1]["unreadable"].get<std::string>(), HasSubstr("memory"));
  EXPECT_EQ(json["per_image"][2]["truth"], 7);
  const ProgramResult result = run(command);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("left out of the figures: 2 of 3 pictures"));
  EXPECT_THAT(lines(result.out).back(), StartsWith("MAE "));
}

TEST_F(EvalTest, WithoutPeopleThereIsNoNormalisedError) {
  Manifest manifest{.name = "empty", .entries = {}};
  add(manifest, "one.png", 60, 40, 0, "test");
  write_manifest(manifest, at("empty.jsonl"));
  const ProgramResult result = run({"eval", "--data", at("empty.jsonl"), "--split", "test"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(lines(result.out).back(), testing::MatchesRegex("MAE [0-9.]+ RMSE [0-9.]+ NAE nan"));
  EXPECT_TRUE(run_json({"eval", "--data", at("empty.jsonl"), "--split", "test", "--json"})["nae"].is_null());
}

TEST_F(EvalTest, EverythingThatCanBeMeasured) {
  Manifest manifest = read_manifest(at("m.jsonl"));
  manifest.entries[0].labels = {{"weather", "fog"}};
  write_manifest(manifest, at("m.jsonl"));
  const std::vector<std::string> command = {"eval",      "--data",   at("m.jsonl"), "--split",      "test",
                                            "--by",      "weather",  "--game",      "--foreground", "--maps",
                                            "--experts", "--device", "cpu",         "--csv",        at("t.csv")};
  std::vector<std::string> with_json = command;
  with_json.emplace_back("--json");
  const nlohmann::json json = run_json(with_json);
  EXPECT_EQ(json["by"]["weather"]["fog"]["images"], 1);
  EXPECT_EQ(json["by"]["weather"][""]["images"], 2);
  EXPECT_EQ(json["by_level"][0]["mae"], json["mae"]);
  EXPECT_NEAR(json["game"][0].get<double>(), json["mae"].get<double>(), 1e-3);
  EXPECT_GE(json["game"][3].get<double>(), json["game"][0].get<double>());
  EXPECT_EQ(json["foreground"]["images"], 3);
  EXPECT_EQ(json["maps"]["images"], 2);
  ASSERT_EQ(json["outputs"].size(), 7U);
  EXPECT_EQ(json["outputs"][6]["name"], "final");
  EXPECT_EQ(json["outputs"][6]["mae"], json["mae"]);
  EXPECT_EQ(json["model"]["name"], "tiny-resnet18");
  EXPECT_EQ(json["precision"], "fp32");
  EXPECT_EQ(json["device"], "cpu");
  EXPECT_EQ(json["per_image"][0]["outputs"]["final"], json["per_image"][0]["count"]);
  EXPECT_EQ(lines(read_text_file(at("t.csv")))[0],
            "path,count,truth,error,game0,game1,game2,game3,expert1,expert2,expert3,group12,group13,group23,final");
  const ProgramResult result = run(command);
  EXPECT_THAT(result.out, HasSubstr("group13\tMAE "));
  EXPECT_THAT(result.out, HasSubstr("GAME(0..3)\t"));
  EXPECT_THAT(lines(result.out).back(), StartsWith("MAE "));
  EXPECT_EQ(run({"eval", "--data", at("m.jsonl"), "--split", "test", "--by", "wether"}).exit_code, 2);
}

TEST_F(EvalTest, TrancosIsJudgedByGame) {
  Manifest manifest = read_manifest(at("m.jsonl"));
  EXPECT_FALSE(run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json"}).contains("game"));
  manifest.name = "trancos";
  write_manifest(manifest, at("m.jsonl"));
  EXPECT_EQ(run_json({"eval", "--data", at("m.jsonl"), "--split", "test", "--json"})["game"].size(), 4U);
}

TEST_F(EvalTest, SubmissionOfPicturesThatNobodyAnnotated) {
  Manifest manifest{.name = "nwpu_crowd", .entries = {}};
  add(manifest, "3611.png", 60, 40, 0, "test");
  add(manifest, "3610.png", 48, 64, 0, "test");
  for (ManifestEntry& entry : manifest.entries) entry.annotated = false;
  write_manifest(manifest, at("nwpu.jsonl"));
  const ProgramResult plain = run({"eval", "--data", at("nwpu.jsonl"), "--split", "test"});
  EXPECT_EQ(plain.exit_code, 2);
  EXPECT_THAT(plain.err, HasSubstr("--submission"));

  const ProgramResult result =
      run({"eval", "--data", at("nwpu.jsonl"), "--split", "test", "--submission", at("s.txt"), "--threads", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(lines(result.out).back(), "MAE nan RMSE nan NAE nan");
  const nlohmann::json counted = run_json({"count", "--json", "--threads", "1", at("3610.png"), at("3611.png")});
  EXPECT_EQ(read_text_file(at("s.txt")), text("3610 ", fixed(counted["images"][0]["count"], 4), "\n3611 ",
                                              fixed(counted["images"][1]["count"], 4), "\n"));

  file("3610.png", "damaged");
  std::filesystem::remove(at("s.txt"));
  const ProgramResult part = run({"eval", "--data", at("nwpu.jsonl"), "--split", "test", "--submission", at("s.txt")});
  EXPECT_EQ(part.exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(at("s.txt")));
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
