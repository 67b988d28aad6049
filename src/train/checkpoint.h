#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/config.h"
#include "model/model_file.h"
#include "train/fingerprint.h"
#include "train/optimiser.h"
#include "weights/tensor_file.h"

namespace throng {

/// Where a run stands between two steps.
struct TrainPosition {
  std::int64_t step = 0;   ///< optimiser steps done
  std::int64_t epoch = 0;  ///< the running one, from 0
  std::int64_t batch = 0;  ///< batches of it that are done
  double best_mae = -1;    ///< of the validation images; -1 = not validated yet
  std::int64_t best_step = -1;
  Json sums = Json::object();  ///< of the loss terms over the running epoch, by name
};

/// What save_checkpoint wrote.
struct Checkpoint {
  std::filesystem::path path;
  TensorFile file;
  TrainPosition position{};
  Json fingerprint{};               ///< of the run that wrote it
  std::optional<ModelCard> card{};  ///< what is trained; checkpoints of older programs lack it
};

/// Writes weights, running statistics, moments, averages, position, fingerprint, and what is trained. Atomic.
void save_checkpoint(const std::filesystem::path& path, DensityNet& net, const Optimiser& optimiser,
                     const TrainPosition& position, const Fingerprint& fingerprint, const ModelCard& card);

/// Throws Error(failure) when the file cannot be read or is damaged.
Checkpoint read_checkpoint(const std::filesystem::path& path);

/// Copies the tensors into `net` and `optimiser`. Throws Error(failure) when they are of another experiment.
void restore(const Checkpoint& checkpoint, DensityNet& net, Optimiser& optimiser);

}  // namespace throng
