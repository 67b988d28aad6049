#pragma once

#include <string>

#include "infer/profile.h"

namespace throng {

/// A line per layer in the order of computation, and their sum: what it gives, milliseconds and their share of the
/// sum, and of convolutions the billions of operations, whole and per second. A sentence where there is no layer.
std::string profile_table(const Profile& profile);

}  // namespace throng
