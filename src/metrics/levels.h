#pragma once

#include <array>
#include <limits>
#include <vector>

#include "metrics/errors.h"

namespace throng {

/// Images whose true count lies in low .. high, both included.
struct CountLevel {
  const char* name;
  double low;
  double high;
};

/// The levels of JHU-CROWD++ (Table XII). Truth is whole, so they leave no gap.
inline constexpr std::array kCountLevels = {
    CountLevel{"low", 0, 50},
    CountLevel{"medium", 51, 500},
    CountLevel{"high", 501, std::numeric_limits<double>::infinity()},
};

/// Errors overall and by level of the true count.
class LevelMeter {
 public:
  void add(double predicted, double truth);
  CountErrors overall() const { return all_.result(); }
  /// In the order of kCountLevels; one without images has images = 0.
  std::vector<CountErrors> by_level() const;

 private:
  ErrorMeter all_;
  std::array<ErrorMeter, kCountLevels.size()> levels_;
};

}  // namespace throng
