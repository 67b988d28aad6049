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
