#pragma once

#include <map>
#include <string>

#include "infer/activation_histogram.h"
#include "infer/prepare.h"
#include "model/calibration.h"
#include "model/model_file.h"
#include "throng/image.h"

namespace throng {

/// Looks at a network's activations on pictures of the kind that it will count, which is what int8 needs.
class Calibrator {
 public:
  explicit Calibrator(LoadedModel model);
  Calibrator(const Calibrator&) = delete;
  Calibrator& operator=(const Calibrator&) = delete;

  /// Throws Error(input) as image_tensor() does.
  void add(const Image& image);
  Calibration calibration() const;

 private:
  PreparedNet net_;
  Normalisation normalisation_;
  std::map<std::string, ActivationHistogram> histograms_;
  std::int64_t images_ = 0;
};

}  // namespace throng
