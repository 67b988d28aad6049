#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reproduce/options.h"
#include "reproduce/paper_tables.h"
#include "train/config.h"

namespace throng {

/// A row that was asked for, as it is trained.
struct PlannedRow {
  const PaperTable* table = nullptr;
  const PaperRow* row = nullptr;
  ExperimentConfig config;  ///< with all changes; data.manifest as the configuration names it
  ExperimentConfig paper;   ///< the file as it stands
  std::string network;      ///< the same for rows that are the same training; 10 hexadecimal digits
  std::string data_set;     ///< key of its benchmark, or of the paper's where the manifest is one's own
  bool own_data = false;    ///< the manifest is one's own

  std::string name() const { return table->name + "/" + row->name; }
};

/// The rows in the order of the tables as they were asked for. Throws Error(usage): a table, row or key that does not
/// exist (with the nearest one that does), a configuration that is not there.
std::vector<PlannedRow> plan_rows(const ReproduceOptions& options);

/// What decides a training, apart from its seed: rows with the same word are the same network. The name, and keys that
/// do not decide the weights (threads, memory for pictures, device), have no part in it.
std::string network_of(const ExperimentConfig& config);

/// How `row` differs from the paper, as sentences for a caption: encoder, shortened schedule, other keys. Empty where
/// it does not.
std::vector<std::string> differences_from_paper(const PlannedRow& row);

/// The folder of experiments that comes with Throng: THRONG_CONFIGS, beside the program, or `configs` in the working
/// directory. Throws Error(usage) when it is nowhere.
std::filesystem::path default_configs_folder();

}  // namespace throng
