#pragma once

#include <cstdint>
#include <string>

#include "core/config.h"

namespace throng {

/// The means of loss terms over `batches`, from their sums by name.
Json loss_means(const Json& sums, std::int64_t batches);

/// The short text beside the progress bar: the total, the four kinds of terms, and the learning rate.
std::string describe_losses(const Json& means, double learning_rate);

}  // namespace throng
