#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/config.h"
#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

/// Equality that does not look at the order of keys.
nlohmann::json unordered(const Json& tree) { return nlohmann::json::parse(tree.dump()); }

class Toml : public testing::Test {
 protected:
  Json read(const std::string& content) {
    write_file(folder / "config.toml", content);
    return read_toml(folder / "config.toml");
  }

  const TemporaryFolder folder;
};

TEST_F(Toml, KeepsTypes) {
  const Json tree = read("i = 3\nd = 3.0\ns = 'x'\nb = true\n[t]\nlevels = [[[1, 2], [3]]]\nmix = [1, 2.5]\n");
  EXPECT_TRUE(tree["i"].is_number_integer());
  EXPECT_TRUE(tree["d"].is_number_float());
  EXPECT_EQ(tree["s"], "x");
  EXPECT_EQ(tree["b"], true);
  EXPECT_EQ(tree["t"]["levels"].dump(), "[[[1,2],[3]]]");
  EXPECT_TRUE(tree["t"]["mix"][0].is_number_integer());
  EXPECT_TRUE(tree["t"]["mix"][1].is_number_float());
}

TEST_F(Toml, KeepsTheOrderOfTheFile) {
  const Json tree = read("z = 1\na = 2\n[m]\nq = 1\nb = 2\n[c]\n");
  EXPECT_EQ(tree.dump(), R"({"z":1,"a":2,"m":{"q":1,"b":2},"c":{}})");
}

TEST_F(Toml, SyntaxErrorsNameFileAndLine) {
  expect_error(ErrorKind::usage, {"config.toml:3:"}, [&] { read("a = 1\nb = 2\nc = = 3\n"); });
  expect_error(ErrorKind::usage, {"config.toml:2:"}, [&] { read("a = 1\na = 2\n"); });
  expect_error(ErrorKind::usage, {"config.toml:1:"}, [&] { read("a = \"\xff\xfe\"\n"); });
  expect_error(ErrorKind::usage, {"config.toml:"}, [&] { read("a = " + std::string(100'000, '[')); });
  expect_error(ErrorKind::usage, {"config.toml:2", "dates"}, [&] { read("a = 1\nb = 2024-01-01\n"); });
}

TEST_F(Toml, MissingFileIsNamed) {
  expect_error(ErrorKind::usage, {(folder / "none.toml").string(), "No such file"},
               [&] { read_toml(folder / "none.toml"); });
}

TEST_F(Toml, EmptyFileIsAnEmptyTable) { EXPECT_EQ(read(""), Json::object()); }

TEST_F(Toml, ExtendsOverlaysTablesAndReplacesLists) {
  make_folder(folder / "base");
  write_file(folder / "base" / "root.toml", "seed = 1\n[train]\nepochs = 10\nlr = 0.5\nweights = [1, 2, 3]\n");
  write_file(folder / "base" / "middle.toml", "extends = 'root.toml'\n[train]\nlr = 0.25\n[data]\nlimit = 5\n");
  const Json tree = read("extends = 'base/middle.toml'\nseed = 2\n[train]\nweights = [9]\n");
  EXPECT_EQ(unordered(tree), nlohmann::json::parse(R"({"seed": 2, "data": {"limit": 5},
      "train": {"epochs": 10, "lr": 0.25, "weights": [9]}})"));
  EXPECT_FALSE(tree.contains("extends"));
}

TEST_F(Toml, ExtendsFindsAbsolutePaths) {
  write_file(folder / "root.toml", "seed = 1\n");
  EXPECT_EQ(read("extends = '" + (folder / "root.toml").string() + "'\n")["seed"], 1);
}

TEST_F(Toml, CirclesAreRefused) {
  write_file(folder / "a.toml", "extends = 'b.toml'\n");
  write_file(folder / "b.toml", "extends = './a.toml'\n");
  expect_error(ErrorKind::usage, {"circle", "a.toml", "b.toml"}, [&] { read_toml(folder / "a.toml"); });
  expect_error(ErrorKind::usage, {"circle"}, [&] { read("extends = 'config.toml'\n"); });
}

TEST_F(Toml, ExtendsErrorsSayWhoAsked) {
  expect_error(ErrorKind::usage, {"none.toml", "No such file", "config.toml"},
               [&] { read("extends = 'none.toml'\n"); });
  expect_error(ErrorKind::usage, {"config.toml", "extends"}, [&] { read("extends = 3\n"); });
  write_file(folder / "bad.toml", "x = \n");
  expect_error(ErrorKind::usage, {"bad.toml:1:"}, [&] { read("extends = 'bad.toml'\n"); });
}

TEST(SetKey, ReadsTomlValues) {
  Json tree = Json::parse(R"({"train": {"epochs": 1}})");
  set_key(tree, "train.epochs=30");
  set_key(tree, "train.lr = 1e-4");
  set_key(tree, "model.levels=[[[1, 2, 3]]]");
  set_key(tree, "flag=true");
  set_key(tree, "data.name='two words'");
  set_key(tree, "gate={ soft = true }");
  EXPECT_TRUE(tree["train"]["epochs"].is_number_integer());
  EXPECT_EQ(unordered(tree), nlohmann::json::parse(R"({"train": {"epochs": 30, "lr": 0.0001}, "flag": true,
      "model": {"levels": [[[1, 2, 3]]]}, "data": {"name": "two words"}, "gate": {"soft": true}})"));
}

TEST(SetKey, BareWordsAreTexts) {
  Json tree = Json::object();
  for (const std::string value :
       {"resnet50", "../data/A train.jsonl", "a=b", "", "1.2.3", "2024-01-01", "x#y", "1\nother=2", "C:\\photos"}) {
    set_key(tree, "data.manifest=" + value);
    EXPECT_EQ(tree["data"]["manifest"], value);
    EXPECT_EQ(tree.size(), 1u);
  }
}

TEST(SetKey, ATextIsTakenAsItStands) {
  const Json known = Json::parse(R"({"name": "", "data": {"manifest": "m"}, "train": {"epochs": 1}, "list": [""]})");
  Json tree = Json::object();
  for (const std::string value : {"2024", "1.10", "true", "[2020]/a.jsonl", "007", "2024-01-01", "{x", "", "inf"}) {
    set_key(tree, "name=" + value, known);
    set_key(tree, "data.manifest = " + value, known);
    EXPECT_EQ(tree["name"], value);
    EXPECT_EQ(tree["data"]["manifest"], value);
  }
  set_key(tree, "name='two words'", known);
  EXPECT_EQ(tree["name"], "two words");
  set_key(tree, "name=\"\\u00fc\"", known);
  EXPECT_EQ(tree["name"], "ü");
  expect_error(ErrorKind::usage, {"name=\"open"}, [&] { set_key(tree, "name=\"open", known); });
  // Other keys are TOML as before, those that nobody knows too.
  set_key(tree, "train.epochs=2024", known);
  set_key(tree, "list=[\"a\"]", known);
  set_key(tree, "nobody.knows=1", known);
  EXPECT_EQ(unordered(tree), nlohmann::json::parse(R"({"name": "ü", "data": {"manifest": "inf"},
      "train": {"epochs": 2024}, "list": ["a"], "nobody": {"knows": 1}})"));
}

TEST(SetKey, RefusesWhatIsNoSetting) {
  Json tree = Json::parse(R"({"seed": 1})");
  for (const std::string bad : {"train.epochs", "=3", ".a=1", "a..b=1", "a.=1", ""}) {
    expect_error(ErrorKind::usage, {"'" + bad + "'", "section.key=value"}, [&] { set_key(tree, bad); });
  }
  expect_error(ErrorKind::usage, {"'seed'", "not a section"}, [&] { set_key(tree, "seed.x=1"); });
  expect_error(ErrorKind::usage, {"levels=[[1, 2]"}, [&] { set_key(tree, "levels=[[1, 2]"); });
  EXPECT_EQ(tree, Json::parse(R"({"seed": 1})"));
}

TEST_F(Toml, WritesWhatItReadsBack) {
  const std::string json = R"({"title": "say \"hi\"\\\n\ttab ü \u0001 \u007f", "count": -3, "share": 0.1, "whole": 2.0,
      "tiny": 5e-324, "huge": 1e300, "off": false, "empty": [], "levels": [[[1, 2], [3]], [[1, 2]]],
      "crops": [{"size": 64, "names": ["a"]}, {}],
      "train": {"lr": 1e-4, "sched": {"kind": "step", "at": [1, 2]}, "two words": {"a.b": 1, "": 2}}, "nothing": {}})";
  const Json tree = Json::parse(json);
  const Json again = read(to_toml(tree));
  EXPECT_EQ(unordered(again), unordered(tree));
  EXPECT_TRUE(again["whole"].is_number_float());
  EXPECT_TRUE(again["count"].is_number_integer());
  EXPECT_EQ(to_toml(again), to_toml(tree));
}

TEST_F(Toml, WritesPlainToml) {
  const Json tree = Json::parse(R"({"train": {"lr": 0.5}, "seed": 1})");
  EXPECT_EQ(to_toml(tree), "seed = 1\n\n[train]\nlr = 0.5\n");
  EXPECT_EQ(to_toml(Json::object()), "");
}

TEST_F(Toml, WritesNumbersThatAreNotFinite) {
  Json tree;
  tree["a"] = std::numeric_limits<double>::infinity();
  tree["b"] = -std::numeric_limits<double>::infinity();
  tree["c"] = std::nan("");
  const Json again = read(to_toml(tree));
  EXPECT_EQ(again["a"].get<double>(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(again["b"].get<double>(), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(again["c"].get<double>()));
}

TEST(ToToml, RefusesWhatTomlCannotHold) {
  expect_error(ErrorKind::usage, {"null"}, [] { to_toml(Json{{"a", nullptr}}); });
  expect_error(ErrorKind::usage, {"UTF-8"}, [] { to_toml(Json{{"a", "\xff"}}); });
}

}  // namespace
}  // namespace throng
