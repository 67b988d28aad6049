#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <utility>

#include "train/config.h"

namespace throng {

/// What a training and its judgement take.
struct TrainingCost {
  double seconds = 0;
  std::int64_t kept_bytes = 0;     ///< that stay in its folder: two models
  std::int64_t passing_bytes = 0;  ///< besides, while it trains: moments, and the copies that files are written as
};

/// Estimates by measuring: a few steps and one picture of each kind of network.
class CostEstimator {
 public:
  explicit CostEstimator(std::stop_token stop) : stop_(std::move(stop)) {}

  /// The cost of a training from its start; data.manifest of `config` is a file. Networks of the same size on the same
  /// crops are measured once. Throws Error(usage) where the training would, Error(interrupted) when stopped.
  TrainingCost cost(const ExperimentConfig& config);

 private:
  struct Speed {
    double step_seconds = 0;
    double picture_seconds = 0;
    std::int64_t model_bytes = 0;
    std::int64_t moment_bytes = 0;
  };
  struct Amount {
    std::int64_t steps_per_epoch = 0;
    std::int64_t validation_pictures = 0;
    std::int64_t test_pictures = 0;
  };

  Speed measure(const ExperimentConfig& config) const;
  static Amount amount_of(const ExperimentConfig& config);

  std::stop_token stop_;
  std::map<std::string, Speed> speeds_;
};

/// Bytes of the regular files in a folder and below; 0 when it is not there.
std::int64_t bytes_in(const std::filesystem::path& folder);

/// Throws Error(failure) when the disk of `folder` has not `bytes` left.
void require_free_bytes(const std::filesystem::path& folder, std::int64_t bytes);

}  // namespace throng
