#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reproduce/paper_tables.h"
#include "reproduce/results.h"

namespace throng {

/// A row of a table as far as it has come.
struct ComparedRow {
  const PaperRow* row = nullptr;
  std::string data_set;                ///< key of the benchmark whose published figures stand beside
  bool other_data = false;             ///< judged on something else, so that differences mean nothing
  std::vector<NetworkResult> results;  ///< finished ones, one for each seed
  std::int64_t seeds = 1;              ///< wanted
  std::string state;                   ///< what keeps it from being finished: "not run: needs ..."; "" = nothing
  std::string trained_for;             ///< the row that trained this network where that is another one
};

/// A table of the paper beside what was measured.
struct Comparison {
  const PaperTable* table = nullptr;
  std::vector<std::string> notes;  ///< sentences below the title: data, what differs from the paper
  std::vector<ComparedRow> rows;
};

/// Header and cells of one printed table.
struct ComparisonCells {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Per figure the paper's, ours (mean, and with several seeds the sample standard deviation behind "±") and the
/// difference of the two; then time of training (mean) and memory (most). Table VIII has the paper's costs as well.
ComparisonCells cells_of(const Comparison& comparison);

std::string comparison_markdown(const Comparison& comparison);
/// A page of its own.
std::string comparison_html(const Comparison& comparison);

}  // namespace throng
