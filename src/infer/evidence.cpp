#include "infer/evidence.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/draw.h"

namespace throng {

namespace {

void add_features(const at::Tensor& maps, std::vector<double>& features) {
  if (!maps.defined()) return;
  for (std::int64_t channel = 0; channel < maps.size(1); ++channel) {
    const at::Tensor values = maps.select(1, channel).to(at::kFloat);
    features.push_back(values.mean().item<double>());
    features.push_back(values.std(/*unbiased=*/false).item<double>());
  }
}

Image smaller_copy(const Image& image) {
  const auto side = [](int length) { return std::max(1, static_cast<int>(std::lround(length / std::numbers::sqrt2))); };
  return resize_image(image, side(image.width), side(image.height));
}

}  // namespace

std::vector<double> picture_features(const Prediction& prediction) {
  std::vector<double> features;
  for (const at::Tensor& weights : prediction.gate_weights) add_features(weights, features);
  if (!features.empty()) add_features(prediction.attention, features);
  return features;
}

CountEvidence count_evidence(const CountingNetwork& network, const Image& image, const Prediction& prediction) {
  CountEvidence evidence;
  for (const DensityOutput& output : prediction.outputs) {
    evidence.opinions.push_back(network.people(output.map, image).count);
  }
  evidence.count = evidence.opinions.back();
  const Image smaller = smaller_copy(image);
  evidence.opinions.back() = network.people(network.predict(smaller).final_map(), smaller).count;
  return evidence;
}

}  // namespace throng
