#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/program.h"

namespace throng {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(MainTest, HelpAndVersionAreResults) {
  const ProgramResult version = run_throng({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("throng "));
  const ProgramResult help = run_throng({"count", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--heatmap"));
  EXPECT_EQ(help.err, "");
}

TEST(MainTest, WrongUsageIsTwo) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"fly"},
                                                    {"count"},
                                                    {"count", "--fly", "a.jpg"},
                                                    {"eval"},
                                                    {"count", "a.jpg", "--threads", "many"},
                                                    {"count", "a.jpg", "--max-pixels", "-3"},
                                                    {"model"}}) {
    const ProgramResult result = run_throng(arguments);
    EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(arguments);
    EXPECT_EQ(result.out, "") << testing::PrintToString(arguments);
    EXPECT_NE(result.err, "") << testing::PrintToString(arguments);
  }
}

/// Expects exit code 2 and a sentence with all of `parts`.
void expect_usage(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
  const ProgramResult result = run_throng(arguments);
  EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(arguments);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("throng: "));
  EXPECT_LT(result.err.size(), 300U) << result.err;
  for (const std::string& part : parts) EXPECT_THAT(result.err, HasSubstr(part));
}

TEST(MainTest, UnknownCommandsAreNamed) {
  expect_usage({"cuont", "a.jpg"}, {"throng has no command 'cuont'; did you mean count?"});
  expect_usage({"fly", "--json"}, {"throng has no command 'fly'; the commands are count, data, "});
  expect_usage({"data", "improt", "x"}, {"throng data has no command 'improt'; did you mean import?"});
  expect_usage({"model", "count"}, {"throng model has no command 'count'; the commands are info, convert"});
  expect_usage({}, {"throng needs a command: count, data, "});
  expect_usage({"model"}, {"throng model needs a command: info, convert"});
}

TEST(MainTest, UnknownOptionsAreNamed) {
  expect_usage({"count", "a.jpg", "--josn"}, {"throng count has no option --josn; did you mean --json?"});
  expect_usage({"count", "--modle=x"}, {"throng count has no option --modle; did you mean --model?"});
  expect_usage({"--verbos", "count", "a.jpg"}, {"--verbos; did you mean --verbose?"});
  expect_usage({"model", "info", "a", "b"}, {"throng model info takes no more arguments: 'b' is one too many"});
  expect_usage({"count"}, {"PATH is required"});
}

TEST(MainTest, EmptyValuesAreRefused) {
  for (const char* option : {"--model", "--csv", "--heatmap", "--density", "--threads", "--memory", "--device"}) {
    expect_usage({"count", "a.jpg", option, ""}, {std::string(option) + ": the value is empty"});
    expect_usage({"count", std::string(option) + "=", "a.jpg"}, {std::string(option) + ": the value is empty"});
  }
  expect_usage({"count", "a.jpg", ""}, {"PATH: the value is empty"});
  expect_usage({"synth", "--out", ""}, {"--out: the value is empty"});
  expect_usage({"data", "import", "points", "x", "--out", ""}, {"--out: the value is empty"});
  expect_usage({"eval", "--data", "", "--split", "test"}, {"--data: the value is empty"});
  expect_usage({"train", "x.toml", "--out", ""}, {"--out: the value is empty"});
}

TEST(MainTest, NumbersThatDoNotFitAreRefusedInASentence) {
  const std::string long_number = "99999999999999999999";
  expect_usage({"synth", "--out", "x", "--seed", "-1"}, {"--seed: -1 is too small: it must be 0 or more"});
  expect_usage({"synth", "--out", "x", "--seed", long_number},
               {"--seed: " + long_number + " is too large: it may be 9223372036854775807 at most"});
  expect_usage({"data", "split", "m.jsonl", "--val", "0.1", "--seed", "-1"}, {"--seed: -1 is too small"});
  expect_usage({"data", "split", "m.jsonl", "--val", "much"}, {"--val: 'much' is not a number"});
  expect_usage({"count", "a.jpg", "--max-pixels", "0"}, {"--max-pixels: 0 is too small: it must be 1 or more"});
  expect_usage({"count", "a.jpg", "--max-pixels", long_number}, {"--max-pixels: " + long_number + " is too large"});
  expect_usage({"count", "a.jpg", "--max-pixels", "1e6"}, {"--max-pixels: '1e6' is not a whole number"});
  expect_usage({"count", "a.jpg", "--threads", "99999999999"}, {"--threads", "99999999999", "out of range"});
  expect_usage({"count", "a.jpg", "--threads", "-" + long_number}, {"--threads: -" + long_number + " is too small"});
  expect_usage({"eval", "--data", "m", "--split", "s", "--limit", "-4"}, {"--limit: -4 is too small"});
}

TEST(MainTest, SettingsThatDoNotFitAreRefusedInASentence) {
  const TemporaryFolder folder;
  const std::string config = (folder / "c.toml").string(), run = (folder / "run").string();
  write_file(config, "");
  const auto expect_setting = [&](const std::string& setting, const std::vector<std::string>& parts) {
    expect_usage({"train", config, "--out", run, "--set", setting}, parts);
  };
  expect_setting("train.seed=-1", {"'train.seed' is -1; accepted: 0 or more"});
  expect_setting("train.seed=99999999999999999999",
                 {"'train.seed' is \"99999999999999999999\"; accepted: from 0 to 9223372036854775807"});
  expect_setting("train.epochs=0", {"'train.epochs' is 0; accepted: "});
  expect_setting("train.epochs=2.5", {"'train.epochs' is 2.5; a whole number was expected"});
  expect_setting("train.epochs=", {"'train.epochs' is \"\"; a whole number was expected"});
  write_file(config, "name = 2024\n");
  expect_usage({"train", config, "--out", run}, {"c.toml: 'name' is 2024; a text in quotes was expected: \"2024\""});
  write_file(config, "[train]\nseed = 99999999999999999999\n");
  expect_usage({"train", config, "--out", run}, {"c.toml:2:"});
}

TEST(MainTest, ABadModelIsFour) {
  const ProgramResult missing = run_throng({"count", "--model", "nowhere/m.safetensors", "a.jpg"});
  EXPECT_EQ(missing.exit_code, 4);
  EXPECT_THAT(missing.err, HasSubstr("nowhere/m.safetensors"));
  EXPECT_EQ(missing.out, "");
  const ProgramResult named = run_throng({"count", "a.jpg"}, "", {"THRONG_MODEL=nowhere.safetensors"});
  EXPECT_EQ(named.exit_code, 4);
  EXPECT_THAT(named.err, HasSubstr("THRONG_MODEL"));
}

TEST(MainTest, AnEmptyListIsWrongUsage) {
  const ProgramResult result = run_throng({"count", "-"}, "\n\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("standard input is empty"));
}

}  // namespace

}  // namespace throng
