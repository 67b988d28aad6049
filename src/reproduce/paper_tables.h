#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// What a table reports of a model.
enum class Measure {
  errors,   ///< MAE and RMSE
  game,     ///< GAME(0) to GAME(3) inside the region of interest
  outputs,  ///< MAE and RMSE of every expert, group and the final map, over all and by level of the true count
};

/// Names of the figures, in the order in which lines hold them: {"MAE", "RMSE"}.
std::span<const std::string> figures_of(Measure measure);

/// Published figures of one line of a row, in the order of figures_of().
struct PublishedLine {
  std::string data_set;  ///< "sha", as in data_sets.h
  std::string line;      ///< "" where a row is one line, else "expert1, high"
  std::vector<double> figures;
};

/// One row: an experiment, configs/TABLE/NAME.toml.
struct PaperRow {
  std::string name;
  std::vector<PublishedLine> published;  ///< empty where the paper only draws a curve (Figure 6)
  double memory_gb = 0;                  ///< of Table VIII; 0 elsewhere
  double epoch_seconds = 0;              ///< of Table VIII; 0 elsewhere

  /// Nothing where the paper has no figures for this data set and line.
  const PublishedLine* find(std::string_view data_set, std::string_view line) const;
};

/// A table (or figure) of the paper as far as it reports the paper's own variants.
struct PaperTable {
  std::string name;   ///< "table4"
  std::string title;  ///< "Table IV: ways to fuse the experts"
  Measure measure = Measure::errors;
  std::vector<PaperRow> rows;
};

/// All of them, in the order in which `throng reproduce --list` shows them.
std::span<const PaperTable> paper_tables();

}  // namespace throng
