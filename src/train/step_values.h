#pragma once

#include <string>
#include <utility>
#include <vector>

namespace throng {

/// What a step of training says of itself.
struct StepValues {
  std::vector<std::pair<std::string, double>> losses = {};  ///< each term, then "total"
  double gradient_norm = 0;
  bool people = false;  ///< whether its crops have any
  bool silent = false;  ///< whether the network predicts none anywhere
};

}  // namespace throng
