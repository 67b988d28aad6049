#include "train/schedule.h"

#include <cmath>
#include <numbers>

namespace throng {

double learning_rate_factor(const TrainConfig& config, std::int64_t step, std::int64_t total) {
  double factor = 1.0;
  if (config.schedule == "halve") {
    factor = 2 * step < total ? 1.0 : 0.5;
  } else if (config.schedule == "cosine") {
    factor = 0.5 * (1.0 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(total)));
  }
  if (step < config.warmup_steps) factor *= static_cast<double>(step + 1) / static_cast<double>(config.warmup_steps);
  return factor;
}

}  // namespace throng
