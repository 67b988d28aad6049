#include "reproduce/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "expect_error.h"

namespace throng {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

ReproduceOptions options_for(std::vector<std::string> tables, std::vector<std::string> rows = {}) {
  ReproduceOptions options;
  options.tables = std::move(tables);
  options.rows = std::move(rows);
  options.configs = std::filesystem::path(THRONG_SOURCE_DIR) / "configs";
  return options;
}

std::vector<std::string> names_of(const std::vector<PlannedRow>& rows) {
  std::vector<std::string> names;
  for (const PlannedRow& row : rows) names.push_back(row.name());
  return names;
}

PlannedRow only_row(const ReproduceOptions& options) {
  std::vector<PlannedRow> rows = plan_rows(options);
  EXPECT_EQ(rows.size(), 1U);
  return rows.at(0);
}

TEST(Plan, RowsAreChosenByName) {
  EXPECT_EQ(plan_rows(options_for({"table4"})).size(), 12U);
  EXPECT_THAT(names_of(plan_rows(options_for({"table7", "table4", "table7"}, {"hmode", "table7/3conv"}))),
              ElementsAre("table7/3conv", "table4/hmode"));
  EXPECT_EQ(plan_rows(options_for({"all"})).size(), 66U);
}

TEST(Plan, WhatDoesNotExistIsNamedWithTheNearest) {
  expect_error(ErrorKind::usage, {"no table 'tabel4'", "did you mean 'table4'"},
               [] { plan_rows(options_for({"tabel4"})); });
  expect_error(ErrorKind::usage, {"no row 'averge'", "did you mean 'average'"},
               [] { plan_rows(options_for({"table4"}, {"averge"})); });
  expect_error(ErrorKind::usage, {"no row '2conv'"}, [] { plan_rows(options_for({"table4"}, {"2conv"})); });
  expect_error(ErrorKind::usage, {"name the tables"}, [] { plan_rows(options_for({})); });
  ReproduceOptions options = options_for({"table4"});
  options.encoder = "resnet5";
  expect_error(ErrorKind::usage, {"no encoder 'resnet5'", "did you mean 'resnet50'"}, [&] { plan_rows(options); });
  options = options_for({"table4"});
  options.changes = {"train.epoch=3"};
  expect_error(ErrorKind::usage, {"train.epoch"}, [&] { plan_rows(options); });
  options = options_for({"table4"});
  options.data_set = "shc";
  expect_error(ErrorKind::usage, {"'shc'"}, [&] { plan_rows(options); });
}

// Which of the paper's rows are one network, found by reading what each of them changes.
TEST(Plan, RowsThatAreTheSameNetworkShareIt) {
  std::map<std::string, std::set<std::string>> rows_of;
  for (const PlannedRow& row : plan_rows(options_for({"all"}))) rows_of[row.network].insert(row.name());
  std::vector<std::set<std::string>> shared;
  for (const auto& [network, rows] : rows_of) {
    if (rows.size() > 1) shared.push_back(rows);
  }
  EXPECT_THAT(shared, UnorderedElementsAre(
                          std::set<std::string>{"table1/baseline", "table4/average"},
                          std::set<std::string>{"table1/hmode", "table4/hmode", "table5/2conv", "table6/EB3",
                                                "table7/3conv", "table9/hmode"},
                          std::set<std::string>{"table1/hmode_rel", "table8/K3N2D2", "table9/ob_rel", "table9/rel_hard",
                                                "table11/sublists_3", "figure6/w_8", "figure6/S_9"}));
}

TEST(Plan, WhatDecidesNoWeightsDecidesNoNetwork) {
  ReproduceOptions options = options_for({"table4"}, {"moe"});
  const std::string network = only_row(options).network;
  EXPECT_EQ(network.size(), 10U);
  options.changes = {"train.threads=3", "data.workers=4", "train.device=cpu", "name=other", "train.seed=5"};
  EXPECT_EQ(only_row(options).network, network);
  for (const char* change : {"train.epochs=3", "data.limit=9", "train.lr=1e-3", "data.manifest=mine.jsonl",
                             "train.precision=bf16", "model.width=0.5"}) {
    options.changes = {change};
    EXPECT_NE(only_row(options).network, network) << change;
  }
}

TEST(Plan, OptionsChangeTheConfiguration) {
  ReproduceOptions options = options_for({"table4"}, {"moe"});
  options.epochs = 7;
  options.limit = 30;
  options.encoder = "vgg19";
  options.changes = {"train.batch=3", "train.epochs=9"};
  const PlannedRow row = only_row(options);
  EXPECT_EQ(row.config.train.epochs, 9) << "--set has the last word";
  EXPECT_EQ(row.config.data.limit, 30);
  EXPECT_EQ(row.config.model.encoder, "vgg19");
  EXPECT_EQ(row.config.model.encoder_weights, "vgg19-dcbb9e9d");
  EXPECT_EQ(row.data_set, "sha");
  EXPECT_THAT(
      differences_from_paper(row),
      ElementsAre(
          "The encoder is vgg19; the paper's is vgg16_bn.", "Shortened schedule: 9 epochs instead of 200.",
          "Trained on 30 pictures only, those held out included, and judged on the first 30 of the test pictures.",
          "Changed: train.batch = 3."));
}

TEST(Plan, ThePapersOwnSettingDiffersInNothing) {
  for (const PlannedRow& row : plan_rows(options_for({"all"}))) EXPECT_THAT(differences_from_paper(row), IsEmpty());
}

TEST(Plan, AnotherDataSetHasTheCropsThatThePaperTakesThere) {
  ReproduceOptions options = options_for({"table4", "table2", "table3"}, {"moe", "crop512", "trancos"});
  options.data_set = "shb";
  const std::vector<PlannedRow> rows = plan_rows(options);
  EXPECT_EQ(rows[0].data_set, "shb");
  EXPECT_EQ(rows[0].config.train.augment.crop, 256);
  EXPECT_THAT(differences_from_paper(rows[0]), IsEmpty());
  EXPECT_EQ(rows[1].config.train.augment.crop, 512);
  EXPECT_EQ(rows[2].data_set, "trancos");
}

TEST(Plan, TablesThatArePlainHaveTheirOwnData) {
  EXPECT_EQ(only_row(options_for({"table3"})).data_set, "trancos");
  EXPECT_EQ(only_row(options_for({"table12"})).data_set, "jhu");
  ReproduceOptions options = options_for({"table2"});
  options.changes = {"data.manifest=mine.jsonl"};
  EXPECT_EQ(only_row(options).data_set, "sha") << "whose figures the paper gives";
  EXPECT_TRUE(only_row(options).own_data);
}

TEST(Plan, MissingConfigurationsAreNamed) {
  ReproduceOptions options = options_for({"table2"});
  options.configs = "nowhere";
  try {
    plan_rows(options);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("nowhere/table2/crop512.toml"));
  }
}

}  // namespace
}  // namespace throng
