#pragma once

#include <cstdint>

#include "train/config.h"

namespace throng {

/// The factor on the base learning rate at a step, 0-based, of `total` steps.
double learning_rate_factor(const TrainConfig& config, std::int64_t step, std::int64_t total);

}  // namespace throng
