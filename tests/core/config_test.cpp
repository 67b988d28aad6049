#include "core/config.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace throng {
namespace {

struct CropConfig {
  std::int64_t size = 128;
  double jitter = 0.25;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("size", size, "side of a crop, pixels", at_least(16));
    field("jitter", jitter, "largest change of scale", between(0, 1));
  }
};

struct RunConfig {
  bool resume = false;
  std::string convention = "paper";
  std::string out;
  CropConfig crop;
  std::vector<std::vector<std::vector<std::int64_t>>> levels = {{{1, 2}, {3}}, {{1, 2}}};
  std::vector<double> weights = {1, 0.5};
  std::vector<std::string> splits;
  std::vector<CropConfig> crops;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("resume", resume, "continue a run");
    field("convention", convention, "how losses are counted", Choices{"paper", "released"});
    field("out", out, "where results go");
    field("crop", crop, "training crops");
    field("levels", levels, "groups of each level", at_least(1));
    field("weights", weights, "one per level", at_least(0));
    field("splits", splits, "names of splits");
    field("crops", crops, "further crops");
  }
};

RunConfig read(const std::string& json) {
  RunConfig config;
  read_config(Json::parse(json), "run.toml", config);
  return config;
}

void expect_refused(const std::string& json, const std::vector<std::string>& parts) {
  expect_error(ErrorKind::usage, parts, [&] { read(json); });
}

TEST(Config, AbsentKeysKeepTheirDefaults) {
  const RunConfig config = read("{}");
  EXPECT_FALSE(config.resume);
  EXPECT_EQ(config.crop.size, 128);
  EXPECT_EQ(config.levels.size(), 2u);
}

TEST(Config, ReadsEveryKindOfField) {
  const RunConfig config = read(R"({"resume": true, "convention": "released", "out": "x", "crop": {"size": 64},
      "levels": [[[1, 2, 3]]], "weights": [2, 0.25], "splits": ["train", "val"], "crops": [{"jitter": 0.5}, {}]})");
  EXPECT_TRUE(config.resume);
  EXPECT_EQ(config.convention, "released");
  EXPECT_EQ(config.out, "x");
  EXPECT_EQ(config.crop.size, 64);
  EXPECT_EQ(config.crop.jitter, 0.25);
  EXPECT_EQ(config.levels, (std::vector<std::vector<std::vector<std::int64_t>>>{{{1, 2, 3}}}));
  EXPECT_EQ(config.weights, (std::vector<double>{2, 0.25}));
  EXPECT_EQ(config.splits, (std::vector<std::string>{"train", "val"}));
  ASSERT_EQ(config.crops.size(), 2u);
  EXPECT_EQ(config.crops[0].jitter, 0.5);
  EXPECT_EQ(config.crops[1].jitter, 0.25);
}

TEST(Config, WholeNumbersServeAsDecimalOnes) { EXPECT_EQ(read(R"({"crop": {"jitter": 1}})").crop.jitter, 1.0); }

TEST(Config, UnknownKeysAreNamedWithTheNearestKnownOne) {
  expect_refused(R"({"crop": {"sise": 1}})", {"run.toml", "'crop.sise'", "did you mean 'crop.size'"});
  expect_refused(R"({"convnetion": "paper"})", {"'convnetion'", "'convention'"});
  expect_refused(R"({"crop": {"zebra": 1}})", {"'crop.zebra'", "known here: size, jitter"});
  expect_refused(R"({"crops": [{}, {"siz": 1}]})", {"'crops[1].siz'", "'crops[1].size'"});
}

TEST(Config, WrongTypesSayWhatWasFoundAndExpected) {
  expect_refused(R"({"resume": 1})", {"run.toml", "'resume'", "is 1", "true or false"});
  expect_refused(R"({"crop": {"size": 64.0}})", {"'crop.size'", "is 64.0", "whole number"});
  expect_refused(R"({"crop": {"size": "64"}})", {"'crop.size'", "is \"64\"", "whole number"});
  expect_refused(R"({"crop": {"jitter": true}})", {"'crop.jitter'", "is true", "number"});
  expect_refused(R"({"crop": 3})", {"'crop'", "is 3", "a table"});
  expect_refused(R"({"out": null})", {"'out'", "is null", "a text"});
  expect_refused(R"({"weights": 1})", {"'weights'", "a list"});
  expect_refused(R"({"levels": [[[1, "x"]]]})", {"'levels[0][0][1]'", "\"x\""});
  expect_refused(R"([])", {"run.toml", "a table"});
}

TEST(Config, NumbersOutsideTheirRangeSayWhatIsAccepted) {
  expect_refused(R"({"crop": {"size": 15}})", {"'crop.size'", "is 15", "16 or more"});
  expect_refused(R"({"crop": {"jitter": 1.5}})", {"'crop.jitter'", "is 1.5", "from 0 to 1"});
  expect_refused(R"({"weights": [1, -1]})", {"'weights[1]'", "is -1", "0 or more"});
  EXPECT_EQ(read(R"({"crop": {"size": 16, "jitter": 0}})").crop.size, 16);
}

TEST(Config, NumbersOfMoreThan64BitsSayWhatIsAccepted) {
  expect_refused(R"({"crop": {"size": 9223372036854775808}})",
                 {"'crop.size'", "is 9223372036854775808", "from 16 to 9223372036854775807"});
  // As --set leaves it: TOML has no such number.
  expect_refused(R"({"crop": {"size": "99999999999999999999"}})",
                 {"'crop.size'", "99999999999999999999", "from 16 to 9223372036854775807"});
  expect_refused(R"({"levels": [[[-99999999999999999999]]]})", {"'levels[0][0][0]'", "whole number"});
  expect_refused(R"({"crop": {"jitter": "99999999999999999999"}})", {"'crop.jitter'", "from 0 to 1"});
}

struct StepsConfig {
  std::int64_t steps = 1;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("steps", steps, "how many", between(1, 1e9));
  }
};

TEST(Config, RangesAreWrittenInPlainDigits) {
  StepsConfig steps;
  expect_error(ErrorKind::usage, {"is 0; accepted: from 1 to 1000000000"}, [&] {
    read_config(Json{{"steps", 0}}, "run.toml", steps);
  });
}

TEST(Config, ANumberWhereATextBelongsSaysHowToQuoteIt) {
  expect_refused(R"({"out": 2024})", {"run.toml", "'out'", "is 2024", "a text in quotes was expected: \"2024\""});
  expect_refused(R"({"splits": ["a", true]})", {"'splits[1]'", "is true", "\"true\""});
  expect_refused(R"({"out": []})", {"'out'", "is []", "a text in quotes was expected"});
}

TEST(Config, NumbersMustBeFinite) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Json tree;
    tree["crop"]["jitter"] = bad;
    RunConfig config;
    expect_error(ErrorKind::usage, {"'crop.jitter'", "finite"}, [&] { read_config(tree, "run.toml", config); });
  }
}

TEST(Config, WordsOutsideTheChoicesAreRefused) {
  expect_refused(R"({"convention": "relased"})",
                 {"'convention'", "\"relased\"", "paper, released", "did you mean released"});
  expect_refused(R"({"convention": ""})", {"'convention'", "paper, released"});
}

TEST(Config, LongValuesAreCutInMessages) {
  RunConfig config;
  try {
    read_config(Json{{"resume", std::string(100'000, 'x')}}, "run.toml", config);
    FAIL();
  } catch (const Error& error) {
    EXPECT_LT(std::string(error.what()).size(), 200u);
  }
}

TEST(Config, TreeHoldsEveryFieldAndReadsBack) {
  RunConfig config;
  config.resume = true;
  config.crops.resize(2);
  config.crops[1].size = 99;
  const Json tree = config_tree(config);
  EXPECT_EQ(tree.size(), 8u);
  EXPECT_EQ(tree["crop"]["size"], 128);
  EXPECT_EQ(tree["crops"][1]["size"], 99);
  RunConfig again;
  read_config(tree, "run.toml", again);
  EXPECT_EQ(config_tree(again), tree);
}

TEST(Config, ListsKeysDefaultsAndHelp) {
  const std::vector<ConfigField> fields = list_config<RunConfig>();
  ASSERT_EQ(fields.size(), 9u);
  EXPECT_EQ(fields[3].key, "crop.size");
  EXPECT_EQ(fields[3].value, "128");
  EXPECT_EQ(fields[3].help, "side of a crop, pixels");
  EXPECT_EQ(fields[5].value, "[[[1,2],[3]],[[1,2]]]");
}

}  // namespace
}  // namespace throng
