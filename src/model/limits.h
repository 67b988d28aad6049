#pragma once

#include "model/config.h"

namespace throng {

/// Throws Error(usage), naming the key, for a description that is of no network: a number above 16384, or a list of
/// more than 64 entries. What it asks for stays small enough to be looked at (see ParameterDevice).
void check_limits(const ModelConfig& config);

}  // namespace throng
