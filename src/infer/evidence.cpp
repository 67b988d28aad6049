#include "infer/evidence.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "confidence/picture_statistics.h"
#include "image/resize.h"
#include "infer/pass_memory.h"

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

// People per cell where people are and per 16 pixels of the picture, and what the other maps say, all as logarithms.
FeatureGroup crowd_features(const CountingNetwork& network, const Image& image, const Prediction& prediction) {
  constexpr double kFewPerCell = 0.003, kFewPer16Pixels = 1e-4, kFewPeople = 30, kFarFromAll = 100;
  const GridCount counted = network.people(prediction.final_map(), image);
  const double people = std::max(0.0, counted.count);
  double squares = 0;
  for (const float value : counted.grid.values) squares += static_cast<double>(value) * value;
  const double per_cell = people > 0 ? squares / people : 0;
  const double per_16_pixels = 16 * people / (static_cast<double>(image.width) * image.height);
  FeatureGroup crowd{"crowd", {std::log(per_cell + kFewPerCell), std::log(per_16_pixels + kFewPer16Pixels)}};
  for (std::size_t i = 0; i + 1 < prediction.outputs.size(); ++i) {
    // A map that is no number must not cost the count, which does not need it; such a picture is unlike all others.
    const double opinion =
        count_final_map(prediction.outputs[i].map, network.card().density_scale, image.height, image.width).count;
    crowd.values.push_back(
        std::isfinite(opinion) ? std::log((std::max(0.0, opinion) + kFewPeople) / (people + kFewPeople)) : kFarFromAll);
  }
  return crowd;
}

}  // namespace

PictureFeatures picture_features(const CountingNetwork& network, const Image& picture, const Image& seen,
                                 const Prediction& prediction) {
  return network.counting(seen, [&] {
    PictureFeatures features = picture_statistics(picture);
    FeatureGroup gates{.name = "gates", .values = {}, .several_kinds = false};
    for (const at::Tensor& weights : prediction.gate_weights) add_features(weights, gates.values);
    if (!gates.values.empty()) {
      add_features(prediction.attention, gates.values);
      features.push_back(std::move(gates));
    }
    features.push_back(crowd_features(network, seen, prediction));
    return features;
  });
}

void check_familiarity(const CountingNetwork& network) {
  const std::optional<Familiarity>& familiarity = network.card().familiarity;
  if (!familiarity) return;
  const Image dot{1, 1, {0, 0, 0}};
  const std::optional<Prediction> empty = network.counting(dot, [&] { return network.net().empty_prediction(); });
  if (empty) unfamiliarity(*familiarity, picture_features(network, dot, dot, *empty));
}

CountEvidence count_evidence(const CountingNetwork& network, const Image& image, const Prediction& prediction,
                             std::int64_t beside) {
  CountEvidence evidence;
  for (const DensityOutput& output : prediction.outputs) {
    evidence.opinions.push_back(network.people(output.map, image).count);
  }
  evidence.count = evidence.opinions.back();
  const ImageSize size{image.width, image.height}, smaller_size = scaled_size(size, kSecondLook);
  const std::int64_t in_use = beside + picture_bytes(size) + network.prediction_bytes(size);
  Image smaller;
  Prediction second;
  telling_the_pass({.for_interval = true}, [&] {
    // Before the copy takes its part.
    network.check_memory(smaller_size, {.in_use = in_use, .to_come = picture_bytes(smaller_size)});
    smaller = scaled_image(image, kSecondLook);
    second = network.predict(smaller, nullptr, in_use);
  });
  evidence.opinions.back() = network.people(second.final_map(), smaller).count;
  return evidence;
}

}  // namespace throng
