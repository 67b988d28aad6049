#include "infer/confidence_calibrator.h"

#include "infer/evidence.h"
#include "infer/pass_memory.h"

namespace throng {

ConfidenceCalibrator::ConfidenceCalibrator(const std::filesystem::path& model, const CounterOptions& options)
    : network_(CountingNetwork::load(model, options)) {}

void ConfidenceCalibrator::check_memory(int width, int height) const {
  PassMemory(network_, {width, height}, PassMemory::Picture::to_come).check_first(1, {.for_interval = true});
}

void ConfidenceCalibrator::add(const Image& image, double truth, const std::string& place) {
  const Prediction prediction = network_.predict(image);
  pictures_.push_back({count_evidence(network_, image, prediction), truth, place});
  features_.push_back(picture_features(network_, image, image, prediction));
}

}  // namespace throng
