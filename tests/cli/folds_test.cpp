#include <gmock/gmock.h>

#include "cli/tiny_workplace.h"
#include "data/manifest.h"

namespace throng {

namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class FoldsCommandTest : public TinyWorkplace {
 protected:
  void SetUp() override {
    Manifest manifest{.name = "ucf_cc_50", .entries = {}};
    for (std::uint64_t i = 0; i < 4; ++i) {
      ManifestEntry entry{.image = picture(text(i, ".png"), 64, 64, i + 1),
                          .width = 64,
                          .height = 64,
                          .points = {{20, 20}, {40, 50}},
                          .split = text("fold", i / 2 + 1),
                          .group = {}};
      manifest.entries.push_back(std::move(entry));
    }
    write_manifest(manifest, at("m.jsonl"));
    file("tiny.toml",
         "[data]\nvalidation = 0\n[model]\nencoder = \"resnet18\"\nwidth = 0.02\ninit = \"kaiming\"\n"
         "[train]\nepochs = 1\nbatch = 2\ncrop = 32\nthreads = 1\n");
  }

  std::vector<std::string> command(const std::string& last = "") const {
    std::vector<std::string> words = {"folds", at("tiny.toml"), "--data", at("m.jsonl"), "--out", at("out")};
    if (!last.empty()) words.push_back(last);
    return words;
  }
};

TEST_F(FoldsCommandTest, EveryFoldAndTheMean) {
  const ProgramResult result = run(command());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> words = lines(result.out);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_THAT(words[0], MatchesRegex("fold1\tMAE [0-9.]+ RMSE [0-9.]+ NAE [0-9.]+\t2 images"));
  EXPECT_THAT(words[1], MatchesRegex("fold2\tMAE .*"));
  EXPECT_THAT(words[2], MatchesRegex("MAE [0-9.]+ RMSE [0-9.]+ NAE [0-9.]+"));

  EXPECT_EQ(run(command()).exit_code, 2);
  std::vector<std::string> again = command("--resume");
  again.emplace_back("--json");
  const nlohmann::json json = run_json(again);
  ASSERT_EQ(json["folds"].size(), 2U);
  EXPECT_NEAR(json["mae"].get<double>(),
              (json["folds"][0]["mae"].get<double>() + json["folds"][1]["mae"].get<double>()) / 2, 1e-9);
}

}  // namespace

}  // namespace throng
