#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/config.h"
#include "model/density_net.h"
#include "train/optimiser.h"

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

/// What a run must share with the one that wrote a checkpoint to give the same bits.
struct Fingerprint {
  std::int64_t threads = 0;
  std::string cpu;
  std::string torch;
  std::string config_sha256;
  std::string data_sha256;
};

/// The fingerprint of this process.
Fingerprint make_fingerprint(const std::string& config_sha256, const std::string& data_sha256);

/// Writes weights, running statistics, moments, averages, position and fingerprint. Atomic.
void save_checkpoint(const std::filesystem::path& path, DensityNet& net, const Optimiser& optimiser,
                     const TrainPosition& position, const Fingerprint& fingerprint);

/// Reads what save_checkpoint wrote into `net` and `optimiser`. `differences` gets a sentence that lists what of the
/// fingerprint differs, or "". Throws Error(failure) when the file does not belong to this experiment or is damaged.
TrainPosition load_checkpoint(const std::filesystem::path& path, DensityNet& net, Optimiser& optimiser,
                              const Fingerprint& fingerprint, std::string& differences);

}  // namespace throng
