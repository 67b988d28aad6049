#pragma once

#include <filesystem>
#include <stop_token>

#include "core/progress.h"
#include "infer/device_graph.h"
#include "metrics/errors.h"
#include "train/config.h"

namespace throng {

struct TrainResult {
  std::int64_t steps = 0;
  double best_mae = -1;  ///< on the validation images; -1 without any
  bool already_finished = false;
  std::filesystem::path model;  ///< the best one; the last one where none was judged
};

/// Trains an experiment in the folder `run` (docs/training.md describes its files). A run that was stopped or killed at
/// any moment and is resumed ends, on a CPU, with the same bits as one that was not.
/// Throws Error(interrupted) after saving when `stop` is requested, Error(failure) naming the loss term that became
/// NaN. `as_on_a_gpu`, for tests, makes any device compute as a GPU does, with such graphs.
TrainResult train(const ExperimentConfig& config, const std::filesystem::path& run, bool resume,
                  const Reporter& reporter, std::stop_token stop = {}, const GraphSupport* as_on_a_gpu = nullptr);

}  // namespace throng
