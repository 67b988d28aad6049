#include "report/colour_scale.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace throng {
namespace {

constexpr double kPatchArea = 100.0 * 100.0;  // pixels
/// Cells below this share of the densest one are background.
constexpr double kCrowdShare = 0.02;
/// This share of the crowd's cells stays below the last colour.
constexpr double kCovered = 0.98;

double usual_peak(const DensityMap& grid) {
  float densest = 0;
  for (const float value : grid.values) {
    if (std::isfinite(value)) densest = std::max(densest, value);
  }
  std::vector<float> crowd;
  for (const float value : grid.values) {
    if (std::isfinite(value) && value > kCrowdShare * densest) crowd.push_back(value);
  }
  if (crowd.empty()) return 0;
  const auto place = crowd.begin() + static_cast<std::ptrdiff_t>(kCovered * static_cast<double>(crowd.size() - 1));
  std::nth_element(crowd.begin(), place, crowd.end());
  return *place;
}

/// How many decimals a step of 1, 2, 2.5 or 5 times a power of ten needs.
int decimals_of(double step) {
  int decimals = 0;
  while (decimals < 9 && std::abs(step - std::round(step)) > 1e-6 * step) {
    step *= 10;
    ++decimals;
  }
  return decimals;
}

}  // namespace

std::vector<std::string> ColourScale::labels() const {
  const double step = top / intervals;
  std::vector<std::string> labels;
  for (int i = 0; i <= intervals; ++i) labels.push_back(i == 0 ? "0" : fixed(i * step, decimals_of(step)));
  if (exceeded) labels.back() += '+';
  return labels;
}

double cell_density_factor(const DensityMap& grid, int picture_width, int picture_height) {
  const double cell_width = static_cast<double>(picture_width) / grid.width;
  const double cell_height = static_cast<double>(picture_height) / grid.height;
  return kPatchArea / (cell_width * cell_height);
}

ColourScale choose_scale(const DensityMap& grid, double factor) {
  const double peak = usual_peak(grid) * factor;
  if (!(peak > 1e-9)) return {};
  ColourScale scale;
  const double power = std::pow(10.0, std::floor(std::log10(peak)));
  for (const auto& [multiple, intervals] : {std::pair{1, 2}, std::pair{2, 2}, std::pair{5, 5}, std::pair{10, 2}}) {
    scale.top = multiple * power;
    scale.intervals = intervals;
    if (scale.top >= peak * (1 - 1e-9)) break;
  }
  scale.exceeded =
      std::ranges::any_of(grid.values, [&](float value) { return value * factor > scale.top * (1 + 1e-6); });
  return scale;
}

}  // namespace throng
