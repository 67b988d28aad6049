#include "infer/calibrator.h"

namespace throng {

Calibrator::Calibrator(LoadedModel model)
    : net_(prepare(std::move(model.net), Precision::fp32)), normalisation_(std::move(model.card.normalisation)) {
  net_.watch_activations([this](const std::string& name, const at::Tensor& values) { histograms_[name].add(values); });
}

void Calibrator::add(const Image& image) {
  net_.forward(image, normalisation_);
  ++images_;
}

Calibration Calibrator::calibration() const {
  Calibration calibration{.images = images_, .ranges = {}};
  for (const auto& [name, histogram] : histograms_) calibration.ranges[name] = histogram.best_range();
  return calibration;
}

}  // namespace throng
