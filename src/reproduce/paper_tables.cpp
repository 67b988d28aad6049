#include "reproduce/paper_tables.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "metrics/levels.h"

namespace throng {

namespace {

/// MAE and RMSE on ShanghaiTech A and B.
PaperRow on_shanghaitech(std::string name, std::array<double, 2> part_a, std::array<double, 2> part_b) {
  return {std::move(name), {{"sha", "", {part_a[0], part_a[1]}}, {"shb", "", {part_b[0], part_b[1]}}}};
}

PaperRow on_jhu_too(PaperRow row, std::array<double, 2> jhu) {
  row.published.push_back({"jhu", "", {jhu[0], jhu[1]}});
  return row;
}

PaperRow at_cost(PaperRow row, double memory_gb, double epoch_seconds) {
  row.memory_gb = memory_gb;
  row.epoch_seconds = epoch_seconds;
  return row;
}

PaperTable table1() {
  return {"table1",
          "Table I: baseline, HMoDE, HMoDE + REL",
          Measure::errors,
          {on_jhu_too(on_shanghaitech("baseline", {66.3, 108.4}, {7.6, 12.7}), {63.4, 241.5}),
           on_jhu_too(on_shanghaitech("hmode", {56.8, 96.5}, {6.7, 11.1}), {58.1, 227.5}),
           on_jhu_too(on_shanghaitech("hmode_rel", {54.4, 87.4}, {6.2, 9.8}), {55.7, 214.6})}};
}

PaperTable table2() {
  return {"table2",
          "Table II: training crops of 512 pixels",
          Measure::errors,
          {on_shanghaitech("crop512", {51.3, 84.8}, {6.2, 9.8})}};
}

PaperTable table3() {
  return {"table3",
          "Table III: vehicles of TRANCOS",
          Measure::game,
          {PaperRow{"trancos", {{"trancos", "", {1.9, 3.2, 4.5, 6.6}}}}}};
}

PaperTable table4() {
  return {
      "table4",
      "Table IV: ways to fuse the experts",
      Measure::errors,
      {on_shanghaitech("average", {66.3, 108.4}, {7.6, 12.7}), on_shanghaitech("concat", {63.1, 104.6}, {7.7, 12.1}),
       on_shanghaitech("moe", {61.4, 102.3}, {7.4, 11.5}), on_shanghaitech("ord_13_2", {61.1, 101.8}, {7.2, 11.8}),
       on_shanghaitech("ord_12_3", {62.3, 102.3}, {7.0, 12.0}), on_shanghaitech("ord_1_23", {60.5, 99.2}, {7.0, 11.6}),
       on_shanghaitech("image_weights", {60.4, 100.8}, {7.2, 12.0}),
       on_shanghaitech("hard_weights", {59.0, 99.2}, {7.3, 12.1}),
       on_shanghaitech("channel_gating", {58.9, 100.9}, {7.0, 11.8}),
       on_shanghaitech("without_attention", {57.9, 97.7}, {6.9, 11.9}),
       on_shanghaitech("without_importance", {57.1, 97.2}, {6.9, 11.6}),
       on_shanghaitech("hmode", {56.8, 96.5}, {6.7, 11.1})}};
}

PaperTable table5() {
  return {"table5",
          "Table V: what gate 1 is made of",
          Measure::errors,
          {on_shanghaitech("2conv", {56.8, 96.5}, {6.7, 11.1}), on_shanghaitech("4conv", {57.3, 101.1}, {6.7, 11.2}),
           on_shanghaitech("6conv", {57.2, 97.7}, {6.8, 11.3}), on_shanghaitech("resblock", {56.8, 96.3}, {6.7, 11.2}),
           on_shanghaitech("msblock", {57.8, 96.2}, {6.7, 11.3})}};
}

PaperTable table6() {
  return {"table6",
          "Table VI: what gate 1 sees",
          Measure::errors,
          {on_shanghaitech("EB1", {59.3, 100.1}, {6.9, 11.5}), on_shanghaitech("EB2", {57.0, 96.8}, {6.8, 11.2}),
           on_shanghaitech("EB3", {56.8, 96.5}, {6.7, 11.1}), on_shanghaitech("DB3", {57.1, 97.4}, {6.9, 11.5}),
           on_shanghaitech("DB2", {58.9, 98.8}, {7.1, 11.3}), on_shanghaitech("DB1", {59.1, 98.9}, {7.1, 11.6})}};
}

PaperTable table7() {
  return {"table7",
          "Table VII: what the attention net is made of",
          Measure::errors,
          {on_shanghaitech("3conv", {56.8, 96.5}, {6.7, 11.1}), on_shanghaitech("6conv", {57.2, 97.9}, {6.7, 11.4}),
           on_shanghaitech("9conv", {57.0, 97.3}, {6.8, 11.6}), on_shanghaitech("resblock", {56.9, 96.8}, {6.9, 11.9}),
           on_shanghaitech("msblock", {57.3, 97.4}, {6.9, 11.7})}};
}

PaperTable table8() {
  return {"table8",
          "Table VIII: more experts (K), larger groups (N), more levels (D)",
          Measure::errors,
          {at_cost(on_shanghaitech("K3N2D2", {54.4, 87.4}, {6.2, 9.8}), 12.05, 55),
           at_cost(on_shanghaitech("K4N2D2", {55.0, 90.8}, {6.5, 10.5}), 14.81, 69),
           at_cost(on_shanghaitech("K4N3D2", {54.2, 86.9}, {6.2, 9.6}), 15.45, 64),
           at_cost(on_shanghaitech("K3N2D3", {55.4, 92.7}, {6.8, 11.4}), 17.61, 59)}};
}

PaperTable table9() {
  return {
      "table9",
      "Table IX: losses on local regions",
      Measure::errors,
      {on_shanghaitech("hmode", {56.8, 96.5}, {6.7, 11.1}), on_shanghaitech("grl", {56.2, 95.4}, {6.6, 11.1}),
       on_shanghaitech("alc", {57.0, 97.2}, {6.7, 11.4}), on_shanghaitech("db_rel", {57.4, 96.2}, {7.5, 12.0}),
       on_shanghaitech("ob_rel", {54.4, 87.4}, {6.2, 9.8}), on_shanghaitech("rel_random", {56.1, 95.4}, {6.6, 10.6}),
       on_shanghaitech("rel_matryoshka", {59.3, 100.1}, {8.2, 13.5}),
       on_shanghaitech("rel_hard", {54.4, 87.4}, {6.2, 9.8})}};
}

PaperTable table10() {
  return {
      "table10",
      "Table X: the relative local counting loss in other networks",
      Measure::errors,
      {on_shanghaitech("csrnet", {68.2, 115.0}, {10.6, 16.0}),
       on_shanghaitech("csrnet_rel", {64.7, 107.9}, {8.6, 13.2}), on_shanghaitech("dmcount", {59.7, 95.7}, {7.4, 11.8}),
       on_shanghaitech("dmcount_rel", {57.6, 95.4}, {7.1, 10.9})}};
}

PaperTable table11() {
  return {"table11",
          "Table XI: number of sub-lists",
          Measure::errors,
          {on_shanghaitech("sublists_1", {57.2, 97.1}, {7.0, 11.9}),
           on_shanghaitech("sublists_2", {55.7, 94.4}, {6.8, 11.0}),
           on_shanghaitech("sublists_3", {54.4, 87.4}, {6.2, 9.8}),
           on_shanghaitech("sublists_4", {56.1, 94.1}, {6.6, 10.5}),
           on_shanghaitech("sublists_5", {56.3, 95.0}, {6.6, 10.8})}};
}

// The paper draws curves; the setting of the complete system, w = 1/8 and S = 9, is the best of both.
PaperTable figure6() {
  PaperTable table{"figure6", "Figure 6: size (w) and number (S) of the local regions", Measure::errors, {}};
  for (const char* name : {"w_64", "w_32", "w_16", "w_8", "w_4", "S_3", "S_6", "S_9", "S_12", "S_21", "S_30"}) {
    const std::string row = name;
    table.rows.push_back(row == "w_8" || row == "S_9" ? on_shanghaitech(row, {54.4, 87.4}, {6.2, 9.8})
                                                      : PaperRow{.name = row, .published = {}});
  }
  return table;
}

PaperTable table12() {
  constexpr std::array kOutputs = {"expert1", "expert2", "expert3", "group12", "group13", "group23", "final"};
  using Errors = std::array<std::array<double, 2>, kOutputs.size()>;
  constexpr Errors kAll = {
      {{58.1, 237.8}, {58.8, 239.0}, {59.5, 242.4}, {57.0, 227.3}, {57.3, 227.0}, {57.6, 229.3}, {55.7, 214.6}}};
  constexpr std::array<Errors, kCountLevels.size()> kByLevel = {{
      {{{9.8, 24.1}, {9.5, 24.8}, {10.3, 27.2}, {8.6, 23.1}, {8.8, 23.7}, {8.8, 22.8}, {8.3, 21.9}}},
      {{{31.5, 61.3}, {33.1, 64.6}, {33.0, 62.9}, {30.7, 50.7}, {30.8, 50.9}, {31.5, 52.0}, {29.2, 48.3}}},
      {{{250.5, 604.7},
        {249.9, 605.5},
        {253.1, 615.0},
        {248.4, 579.9},
        {249.6, 579.0},
        {248.8, 584.8},
        {245.6, 547.4}}},
  }};
  PaperRow row{.name = "levels", .published = {}};
  const auto add = [&](const Errors& errors, const char* level) {
    for (std::size_t i = 0; i < kOutputs.size(); ++i) {
      row.published.push_back({"jhu", text(kOutputs[i], ", ", level), {errors[i][0], errors[i][1]}});
    }
  };
  add(kAll, "overall");
  for (std::size_t level = 0; level < kCountLevels.size(); ++level) add(kByLevel[level], kCountLevels[level].name);
  return {"table12", "Table XII: experts, groups and output by level of the count", Measure::outputs, {row}};
}

}  // namespace

std::span<const std::string> figures_of(Measure measure) {
  static const std::vector<std::string> errors = {"MAE", "RMSE"};
  static const std::vector<std::string> game = {"GAME(0)", "GAME(1)", "GAME(2)", "GAME(3)"};
  return measure == Measure::game ? game : errors;
}

const PublishedLine* PaperRow::find(std::string_view data_set, std::string_view line) const {
  const auto found = std::ranges::find_if(
      published, [&](const PublishedLine& each) { return each.data_set == data_set && each.line == line; });
  return found == published.end() ? nullptr : &*found;
}

std::span<const PaperTable> paper_tables() {
  static const std::vector<PaperTable> tables = {table4(), table5(),  table6(),  table7(),  table8(),
                                                 table9(), table10(), table11(), figure6(), table1(),
                                                 table2(), table3(),  table12()};
  return tables;
}

}  // namespace throng
