#include "reproduce/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace throng {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

NetworkResult result(std::int64_t seed, std::vector<double> figures, double seconds, std::int64_t peak_bytes) {
  NetworkResult result;
  result.seed = seed;
  result.row = "table4/moe";
  result.trained = true;
  result.seconds = seconds;
  result.peak_bytes = peak_bytes;
  result.epochs = 10;
  result.lines[Measure::errors] = {{"", std::move(figures)}};
  return result;
}

class ComparisonText : public testing::Test {
 protected:
  PaperTable table_{"table4",
                    "Table IV: ways to fuse",
                    Measure::errors,
                    {{"moe", {{"sha", "", {61.4, 102.3}}}}, {"hmode", {{"sha", "", {56.8, 96.5}}}}}};
  Comparison comparison_{.table = &table_, .notes = {"On dots & lines."}, .rows = {}};

  ComparedRow& add(std::size_t row) {
    ComparedRow& added = comparison_.rows.emplace_back();
    added.row = &table_.rows[row];
    added.data_set = "sha";
    return added;
  }
};

// MAE 60, 61.5 and 63: mean 61.5, sample deviation 1.5. RMSE 100, 100 and 103: mean 101, deviation sqrt(3).
TEST_F(ComparisonText, MeanSpreadAndDifferenceOfSeveralSeeds) {
  ComparedRow& row = add(0);
  row.seeds = 3;
  row.results = {result(1, {60, 100}, 100, 3 << 20), result(2, {61.5, 100}, 110, 5 << 20),
                 result(3, {63, 103}, 120, 4 << 20)};
  const ComparisonCells cells = cells_of(comparison_);
  EXPECT_THAT(cells.header, ElementsAre("row", "MAE paper", "MAE ours", "MAE difference", "RMSE paper", "RMSE ours",
                                        "RMSE difference", "time", "memory", "remarks"));
  ASSERT_EQ(cells.rows.size(), 1U);
  EXPECT_THAT(cells.rows[0], ElementsAre("moe", "61.4", "61.5 ± 1.5", "+0.1", "102.3", "101.0 ± 1.7", "-1.3",
                                         "1 min 50 s", "5.0 MiB", ""));
}

TEST_F(ComparisonText, OneSeedHasNoSpread) {
  ComparedRow& row = add(1);
  row.results = {result(1, {56.8, 90}, 5, 0)};
  row.trained_for = "table4/moe";
  EXPECT_THAT(cells_of(comparison_).rows.at(0), ElementsAre("hmode", "56.8", "56.8", "0.0", "96.5", "90.0", "-6.5",
                                                            "5.0 s", "-", "same network as table4/moe"));
}

TEST_F(ComparisonText, OtherDataHaveNoDifference) {
  ComparedRow& row = add(1);
  row.other_data = true;
  row.results = {result(1, {56.8, 90}, 5, 0)};
  EXPECT_THAT(cells_of(comparison_).rows.at(0),
              ElementsAre("hmode", "56.8", "56.8", "-", "96.5", "90.0", "-", "5.0 s", "-", ""));
}

TEST_F(ComparisonText, WhatIsMissingIsSaid) {
  add(0).state = "not run: needs ShanghaiTech A | and\nweights";
  ComparedRow& row = add(1);
  row.seeds = 3;
  row.results = {result(1, {60, 100}, 1, 1)};
  const std::string words = comparison_markdown(comparison_);
  EXPECT_THAT(words, AllOf(HasSubstr("| moe | 61.4 | - | - | 102.3 | - | - | - | - | not run: needs ShanghaiTech A \\| "
                                     "and weights |\n"),
                           HasSubstr("1 of 3 seeds"), HasSubstr("## Table IV: ways to fuse\n\nOn dots & lines.\n")));
}

TEST_F(ComparisonText, MarkdownLinesHaveAsManyCellsAsTheHeader) {
  add(0).results = {result(1, {60, 100}, 1, 1)};
  const std::string words = comparison_markdown(comparison_);
  const std::string table = words.substr(words.find("| row"));
  std::vector<std::ptrdiff_t> bars;
  for (std::size_t at = 0; at < table.size();) {
    const std::size_t end = table.find('\n', at);
    bars.push_back(std::count(table.begin() + static_cast<std::ptrdiff_t>(at),
                              table.begin() + static_cast<std::ptrdiff_t>(end), '|'));
    at = end + 1;
  }
  EXPECT_THAT(bars, ElementsAre(11, 11, 11));
}

TEST_F(ComparisonText, HtmlHoldsTheSameAndIsEscaped) {
  add(0).state = "failed: <b> is not a loss";
  EXPECT_THAT(comparison_html(comparison_),
              AllOf(HasSubstr("Table IV: ways to fuse"), HasSubstr("On dots &amp; lines."), HasSubstr("61.4"),
                    HasSubstr("&lt;b&gt;"), Not(HasSubstr("<b>"))));
}

TEST_F(ComparisonText, CostsOfTheTableThatHasThem) {
  table_.rows[0].memory_gb = 12.05;
  table_.rows[0].epoch_seconds = 55;
  add(0).results = {result(1, {60, 100}, 123, 1)};
  const ComparisonCells cells = cells_of(comparison_);
  EXPECT_EQ(cells.header[7], "s/epoch paper");
  EXPECT_THAT(std::vector(cells.rows[0].begin() + 7, cells.rows[0].begin() + 10),
              ElementsAre("55", "12.3", "12.05 GB"));
}

TEST_F(ComparisonText, RowsOfSeveralLines) {
  PaperTable levels{"table12", "Table XII", Measure::outputs, {{"levels", {{"jhu", "final, low", {8.3, 21.9}}}}}};
  ComparedRow row;
  row.row = &levels.rows[0];
  row.data_set = "jhu";
  NetworkResult measured = result(1, {}, 1, 1);
  measured.lines[Measure::outputs] = {{"expert1, low", {10, 20}}, {"final, low", {8, 22}}};
  row.results = {measured};
  const ComparisonCells cells = cells_of({.table = &levels, .notes = {}, .rows = {row}});
  ASSERT_EQ(cells.rows.size(), 2U);
  EXPECT_EQ(cells.rows[0][0], "levels: final, low");
  EXPECT_EQ(cells.rows[0][3], "-0.3");
  EXPECT_EQ(cells.rows[1][0], "levels: expert1, low");
  EXPECT_EQ(cells.rows[1][1], "-");
  EXPECT_EQ(cells.rows[1][2], "10.0");
}

}  // namespace
}  // namespace throng
