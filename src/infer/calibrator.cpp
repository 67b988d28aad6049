#include "infer/calibrator.h"

namespace throng {

Calibrator::Calibrator(const std::filesystem::path& model)
    : network_(CountingNetwork::load(model, {.device = "cpu", .precision = "fp32"})) {
  network_.watch_activations(
      [this](const std::string& name, const at::Tensor& values) { histograms_[name].add(values); });
}

void Calibrator::add(const Image& image) {
  network_.predict(image);
  ++images_;
}

Calibration Calibrator::calibration() const {
  Calibration calibration{.images = images_, .ranges = {}};
  for (const auto& [name, histogram] : histograms_) calibration.ranges[name] = histogram.best_range();
  return calibration;
}

}  // namespace throng
