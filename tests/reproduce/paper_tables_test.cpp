#include "reproduce/paper_tables.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "core/text.h"
#include "train/config.h"

namespace throng {
namespace {

std::vector<std::string> all_rows() {
  std::vector<std::string> names;
  for (const PaperTable& table : paper_tables()) {
    for (const PaperRow& row : table.rows) names.push_back(table.name + "/" + row.name);
  }
  return names;
}

const PaperRow& row_called(const std::string& name) {
  for (const PaperTable& table : paper_tables()) {
    for (const PaperRow& row : table.rows) {
      if (table.name + "/" + row.name == name) return row;
    }
  }
  throw std::runtime_error("no row " + name);
}

TEST(PaperTables, EveryRowIsAnExperimentAndTheOtherWayRound) {
  const std::filesystem::path configs = std::filesystem::path(THRONG_SOURCE_DIR) / "configs";
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(configs)) {
    const std::filesystem::path file = std::filesystem::relative(entry.path(), configs);
    if (file.extension() != ".toml" || *file.begin() == "sha" || *file.begin() == "general") continue;
    const std::string name = (file.parent_path() / file.stem()).generic_string();
    EXPECT_EQ(read_experiment(entry.path()).name, name);
    files.insert(name);
  }
  const std::vector<std::string> names = all_rows();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), files);
  EXPECT_EQ(names.size(), files.size());
}

TEST(PaperTables, LinesHaveAllFigures) {
  for (const PaperTable& table : paper_tables()) {
    for (const PaperRow& row : table.rows) {
      if (table.name != "figure6") {
        EXPECT_FALSE(row.published.empty()) << table.name << "/" << row.name;
      }
      for (const PublishedLine& line : row.published) {
        EXPECT_EQ(line.figures.size(), figures_of(table.measure).size()) << table.name << "/" << row.name;
      }
    }
  }
}

// Sums over whole tables, added up apart from the program: a digit that is wrong anywhere changes one.
TEST(PaperTables, FiguresAddUpToThoseOfThePaper) {
  std::map<std::string, double> sums;
  for (const PaperTable& table : paper_tables()) {
    for (const PaperRow& row : table.rows) {
      for (const PublishedLine& line : row.published) {
        for (std::size_t i = 0; i < line.figures.size(); ++i) {
          sums[text(table.name, " ", line.data_set, " ", i)] += line.figures[i];
        }
      }
    }
  }
  const std::map<std::string, double> expected = {
      {"figure6 sha 0", 108.8},  {"figure6 sha 1", 174.8},  {"figure6 shb 0", 12.4},   {"figure6 shb 1", 19.6},
      {"table1 jhu 0", 177.2},   {"table1 jhu 1", 683.6},   {"table1 sha 0", 177.5},   {"table1 sha 1", 292.3},
      {"table1 shb 0", 20.5},    {"table1 shb 1", 33.6},    {"table10 sha 0", 250.2},  {"table10 sha 1", 414.0},
      {"table10 shb 0", 33.7},   {"table10 shb 1", 51.9},   {"table11 sha 0", 279.7},  {"table11 sha 1", 468.0},
      {"table11 shb 0", 33.2},   {"table11 shb 1", 54.0},   {"table12 jhu 0", 2433.8}, {"table12 jhu 1", 6292.0},
      {"table2 sha 0", 51.3},    {"table2 sha 1", 84.8},    {"table2 shb 0", 6.2},     {"table2 shb 1", 9.8},
      {"table3 trancos 0", 1.9}, {"table3 trancos 1", 3.2}, {"table3 trancos 2", 4.5}, {"table3 trancos 3", 6.6},
      {"table4 sha 0", 724.8},   {"table4 sha 1", 1210.9},  {"table4 shb 0", 85.9},    {"table4 shb 1", 142.2},
      {"table5 sha 0", 285.9},   {"table5 sha 1", 487.8},   {"table5 shb 0", 33.6},    {"table5 shb 1", 56.1},
      {"table6 sha 0", 348.2},   {"table6 sha 1", 588.5},   {"table6 shb 0", 41.5},    {"table6 shb 1", 68.2},
      {"table7 sha 0", 285.2},   {"table7 sha 1", 485.9},   {"table7 shb 0", 34.0},    {"table7 shb 1", 57.7},
      {"table8 sha 0", 219.0},   {"table8 sha 1", 357.8},   {"table8 shb 0", 25.7},    {"table8 shb 1", 41.3},
      {"table9 sha 0", 451.6},   {"table9 sha 1", 755.6},   {"table9 shb 0", 54.7},    {"table9 shb 1", 89.3},
  };
  ASSERT_EQ(sums.size(), expected.size());
  for (const auto& [key, sum] : expected) EXPECT_NEAR(sums[key], sum, 1e-6) << key;
}

TEST(PaperTables, SameNetworksHaveTheSameFigures) {
  for (const char* name : {"table5/2conv", "table6/EB3", "table7/3conv", "table9/hmode", "table1/hmode"}) {
    EXPECT_EQ(row_called(name).find("sha", "")->figures, row_called("table4/hmode").find("sha", "")->figures) << name;
  }
  for (const char* name : {"table8/K3N2D2", "table9/rel_hard", "table9/ob_rel", "table11/sublists_3", "figure6/w_8"}) {
    EXPECT_EQ(row_called(name).find("shb", "")->figures, row_called("table1/hmode_rel").find("shb", "")->figures)
        << name;
  }
}

TEST(PaperTables, LinesOfTable12) {
  const PaperRow& row = row_called("table12/levels");
  EXPECT_EQ(row.published.size(), 28U);
  EXPECT_EQ(row.find("jhu", "final, overall")->figures, (std::vector{55.7, 214.6}));
  EXPECT_EQ(row.find("jhu", "expert3, low")->figures, (std::vector{10.3, 27.2}));
  EXPECT_EQ(row.find("jhu", "group13, high")->figures, (std::vector{249.6, 579.0}));
  EXPECT_EQ(row.find("sha", "final, overall"), nullptr);
}

}  // namespace
}  // namespace throng
