#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "core/progress.h"
#include "throng/counter.h"
#include "train/trainer.h"

namespace throng {

struct RunReportOptions {
  bool judge = true;       ///< count the validation images with the best model; else the curves alone
  std::int64_t worst = 8;  ///< how many of the worst images are shown
  std::string manifest;    ///< of the validation images; "" = where the run's configuration says
  CounterOptions counter;
};

/// Where the report of a run is.
std::filesystem::path run_report_path(const std::filesystem::path& run);

/// Whether a folder is that of a training run: its configuration is there, which goes where no state was ever saved.
bool is_run_folder(const std::filesystem::path& folder);

/// Writes report.html into the folder of a training run: its curves, how the best model counts the validation images,
/// the worst of them with maps, configuration and provenance. What cannot be judged (the data set is gone, the model is
/// bad) is named on the page and in a warning; the page is written all the same, and false returned. A page with the
/// curves is there before the judging begins. Throws Error(usage) for a folder that no run was in, Error(interrupted)
/// when stopped while judging.
bool write_run_report(const std::filesystem::path& run, const RunReportOptions& options, const Reporter& reporter,
                      const std::stop_token& stop = {});

/// Trains as train() does, with a report in the run's folder: the curves after each epoch and where training ends early
/// for whatever reason, the whole report at the end. `finished` is told the result before the report is made.
TrainResult train_with_report(const ExperimentConfig& config, const std::filesystem::path& run, bool resume,
                              const Reporter& reporter, const std::stop_token& stop = {},
                              const std::function<void(const TrainResult&)>& finished = {});

}  // namespace throng
