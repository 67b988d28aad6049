#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "infer/activation_histogram.h"
#include "infer/counting_network.h"
#include "model/calibration.h"
#include "throng/image.h"

namespace throng {

/// Looks at a network's activations on pictures of the kind that it will count, which is what int8 needs. It counts
/// them on the CPU in fp32.
class Calibrator {
 public:
  /// Throws as Counter::load.
  explicit Calibrator(const std::filesystem::path& model);
  Calibrator(const Calibrator&) = delete;
  Calibrator& operator=(const Calibrator&) = delete;

  /// Throws as Counter::count, and Error(model) where activations are no finite numbers.
  void add(const Image& image);
  /// Throws as CountingNetwork::check_memory().
  void check_memory(int width, int height) const { network_.check_memory(width, height); }
  Calibration calibration() const;

 private:
  CountingNetwork network_;
  std::map<std::string, ActivationHistogram> histograms_;
  std::int64_t images_ = 0;
};

}  // namespace throng
