#include "metrics/levels.h"

namespace throng {

void LevelMeter::add(double predicted, double truth) {
  all_.add(predicted, truth);
  for (std::size_t i = 0; i < kCountLevels.size(); ++i) {
    if (truth >= kCountLevels[i].low && truth <= kCountLevels[i].high) levels_[i].add(predicted, truth);
  }
}

std::vector<CountErrors> LevelMeter::by_level() const {
  std::vector<CountErrors> errors;
  for (const ErrorMeter& level : levels_) errors.push_back(level.result());
  return errors;
}

}  // namespace throng
