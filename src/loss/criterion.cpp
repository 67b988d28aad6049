#include "loss/criterion.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "loss/terms.h"
#include "throng/error.h"

namespace throng {

Criterion::Criterion(const LossConfig& config, const Hierarchy& hierarchy, std::int64_t crop)
    : config_(config), hierarchy_(hierarchy) {
  if (config.relative == 0) return;
  const std::int64_t side = 4 * config.relative_divisions;
  if (crop % side != 0) {
    throw Error(ErrorKind::usage, text("a crop of ", crop, " pixels does not divide into ", config.relative_divisions,
                                       " local regions of whole 4-pixel cells: make train.crop a multiple of ", side,
                                       " or change loss.relative_divisions"));
  }
  cells_ = crop / side;
}

LossReport Criterion::operator()(const Prediction& prediction, const Target& target) const {
  const double batch = static_cast<double>(target.mean.size(0));
  const double pixels = static_cast<double>(target.mean[0].numel()) * kPixelsPerCell;
  const double by_pixels = config_.sums() ? 1.0 : 1.0 / pixels;
  const RelativeOptions relative{config_.relative_regions, config_.relative_sublists, config_.closing()};

  LossReport report;
  report.total = at::zeros({}, target.mean.options());
  const auto add = [&](const std::string& name, const at::Tensor& term, double weight) {
    report.terms.emplace_back(name, term * (weight / batch));
    report.total = report.total + report.terms.back().second;
  };
  for (const DensityOutput& output : prediction.outputs) {
    const double weight = config_.doubling() ? static_cast<double>(1 << output.level) : 1.0;
    if (config_.density > 0)
      add("density." + output.name, density_loss(output.map, target), config_.density * weight * by_pixels);
    if (config_.relative > 0) {
      add("relative." + output.name, relative_local_loss(output.map, target, cells_, relative),
          config_.relative * weight);
    }
  }
  if (config_.attention > 0 && prediction.attention.defined()) {
    add("attention", attention_loss(prediction.attention, target.foreground), config_.attention * by_pixels);
  }
  if (config_.importance > 0 && prediction.gate_weights.front().defined()) {
    // Summed over the batch inside, so not divided by it.
    add("importance", importance_loss(prediction.gate_weights.front(), hierarchy_.levels().front()),
        config_.importance * batch);
  }
  return report;
}

}  // namespace throng
