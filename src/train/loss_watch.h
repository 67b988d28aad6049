#pragma once

#include <cstdint>
#include <string>

#include "core/progress.h"
#include "throng/error.h"
#include "train/checkpoint.h"
#include "train/run_folder.h"
#include "train/step_values.h"

namespace throng {

/// Adds up what the steps of an epoch say, ends a run that diverges, and warns of a network that has died.
class LossWatch {
 public:
  /// Sums go to `position.sums`. All three must outlive it.
  LossWatch(TrainPosition& position, const RunFolder& folder, const Reporter& reporter);

  /// Adds the losses of step number `step`, from 1; its gradient need not be known yet. Throws Error(failure) naming
  /// the first term that is NaN or infinite.
  void take(const StepValues& values, std::int64_t step);
  /// Throws Error(failure) where the norm of the step's gradient is NaN or infinite.
  void check_gradient(double norm, std::int64_t step) const;

 private:
  void watch_for_dead_output(const StepValues& values, std::int64_t step);
  Error diverged(const std::string& what, std::int64_t step) const;

  TrainPosition& position_;
  const RunFolder& folder_;
  const Reporter& reporter_;
  std::int64_t silent_steps_ = 0;  // in a row, without any density
};

}  // namespace throng
