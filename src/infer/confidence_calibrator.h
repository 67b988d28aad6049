#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "confidence/count_interval.h"
#include "confidence/familiarity.h"
#include "infer/counting_network.h"

namespace throng {

/// Looks at pictures that a model was not trained on, to find out how far its counts are from the truth.
class ConfidenceCalibrator {
 public:
  /// Throws as Counter::load.
  ConfidenceCalibrator(const std::filesystem::path& model, const CounterOptions& options);

  /// A picture with its true number of people; `place` is common to pictures of one place or data set. Throws as
  /// Counter::count.
  void add(const Image& image, double truth, const std::string& place);
  /// Throws as add() would for an image of that size that needs more memory than it may take.
  void check_memory(int width, int height) const;

  /// Throw Error(usage) for too few pictures.
  IntervalCalibration intervals() const { return calibrate_intervals(pictures_); }
  Familiarity familiarity() const { return measure_familiarity(features_); }

 private:
  CountingNetwork network_;
  std::vector<HeldOutCount> pictures_;
  std::vector<PictureFeatures> features_;
};

}  // namespace throng
