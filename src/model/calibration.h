#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace throng {

/// The largest value that comes out of each convolution, by the name of its block.
using ActivationRanges = std::map<std::string, float>;

/// What int8 needs to know of a network's activations; made from pictures of the kind that are counted.
struct Calibration {
  std::int64_t images = 0;  ///< how many were looked at
  ActivationRanges ranges;
};

}  // namespace throng
