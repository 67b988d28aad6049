#include "loss/criterion.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::int64_t kCell = 4;      // pixels along a cell of the 1/4 grid
constexpr std::int64_t kHalfCell = 2;  // and of the 1/2 grid, the finest on which regions are counted

RegionChoice parse_choice(const std::string& name) {
  if (name == "random") return RegionChoice::random;
  return name == "matryoshka" ? RegionChoice::matryoshka : RegionChoice::hard;
}

// Nested patches lie anywhere; the other choices are among the regions of a grid.
bool ranks_regions(const LossConfig& config, RegionChoice choice) {
  return config.relative > 0 && choice != RegionChoice::matryoshka;
}

void check_regions(const LossConfig& config) {
  const std::int64_t all = config.relative_divisions * config.relative_divisions;
  if (config.relative_regions <= all) return;
  throw Error(ErrorKind::usage, text("loss.relative_regions is ", config.relative_regions,
                                     ", but with loss.relative_divisions = ", config.relative_divisions, " a crop has ",
                                     all, " local regions: choose at most as many"));
}

// The map whose local counts the relative term compares.
const at::Tensor& counted_map(const DensityOutput& output, bool second_head) {
  if (!second_head) return output.map;
  if (output.local.defined()) return output.local;
  throw Error(ErrorKind::usage, text("loss.relative_on = \"local_head\" needs a second head beside the output ",
                                     output.name, ": set model.local_head = true"));
}

}  // namespace

Criterion::Criterion(const LossConfig& config, const Hierarchy& hierarchy, std::int64_t crop)
    : config_(config),
      hierarchy_(hierarchy),
      relative_{config.relative_regions, config.relative_sublists, config.closing(),
                parse_choice(config.relative_choice)} {
  const bool ranks = ranks_regions(config, relative_.choice);
  if (!ranks && config.local_count == 0) return;
  if (ranks) check_regions(config);
  region_ = crop / config.relative_divisions;
  if (region_ * config.relative_divisions != crop || (region_ % kCell != 0 && region_ != kHalfCell)) {
    throw Error(ErrorKind::usage, text("a crop of ", crop, " pixels does not divide into ", config.relative_divisions,
                                       " local regions of whole 4-pixel cells: make train.crop a multiple of ",
                                       kCell * config.relative_divisions, " or change loss.relative_divisions"));
  }
}

bool Criterion::needs_half_grid() const { return region_ == kHalfCell; }

LossReport Criterion::operator()(const Prediction& prediction, const Target& target) const {
  const double batch = static_cast<double>(target.mean.size(0));
  const double pixels = static_cast<double>(target.mean[0].numel()) * kPixelsPerCell;

  LossReport report;
  report.total = at::zeros({}, target.mean.options());
  const auto add = [&](const std::string& name, const at::Tensor& term, double weight) {
    report.terms.emplace_back(name, term * (weight / batch));
    report.total = report.total + report.terms.back().second;
  };
  for (const DensityOutput& output : prediction.outputs) {
    const double weight = config_.doubling() ? static_cast<double>(1 << output.level) : 1.0;
    if (config_.density > 0) {
      const double by_pixels = config_.density_sums() ? 1.0 : 1.0 / pixels;
      add("density." + output.name, density_loss(output.map, target), config_.density * weight * by_pixels);
    }
    if (config_.relative > 0) {
      const at::Tensor& counted = counted_map(output, config_.relative_on == "local_head");
      add("relative." + output.name, relative_local_loss(counted, output.map, target, region_, relative_),
          config_.relative * weight);
    }
    if (config_.local_count > 0)
      add("local_count." + output.name, absolute_local_loss(output.map, target, region_), config_.local_count * weight);
    if (config_.ranking > 0) add("ranking." + output.name, ranking_loss(output.map, target), config_.ranking * weight);
  }
  if (config_.attention > 0 && prediction.attention.defined()) {
    const double by_pixels = config_.attention_sums() ? 1.0 : 1.0 / pixels;
    add("attention", attention_loss(prediction.attention, target.foreground), config_.attention * by_pixels);
  }
  const bool weighed = !prediction.gate_weights.empty() && prediction.gate_weights.front().defined();
  if (config_.importance > 0 && weighed)
    add("importance", importance_loss(prediction.gate_weights.front(), hierarchy_.levels().front()),
        config_.importance);

  const at::Tensor& last = prediction.final_map();
  if (config_.transport > 0) {
    const TransportOptions options{config_.transport_regularisation, config_.transport_iterations};
    add("transport", transport_loss(last, target, options), config_.transport);
  }
  if (config_.variation > 0) add("variation", variation_loss(last, target), config_.variation);
  if (config_.count > 0) add("count", count_loss(last, target), config_.count);
  return report;
}

}  // namespace throng
