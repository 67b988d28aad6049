#pragma once

#include "model/config.h"
#include "model/density_net.h"

namespace throng {

/// Throws Error(usage), naming the key, for a description that is of no network: a number above 16384, or a list of
/// more than 64 entries. What it asks for stays small enough to be looked at (see ParameterDevice).
void check_limits(const ModelConfig& config);

/// The network of a description, whose parameters have shapes and take no memory: the few bytes of a description can
/// ask for more than any machine has. Throws Error(usage) as check_limits and DensityNet do, for kernels wider than any
/// network has, and for what is too large even to be counted.
DensityNet network_without_memory(const ModelConfig& config);

}  // namespace throng
