#include "report/best_expert.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/text.h"
#include "data/density.h"
#include "throng/error.h"

namespace throng {
namespace {

/// As many rows of the full-size map as are held at a time.
constexpr int kBandRows = 512;

/// Nearest: pixel i of `covered` takes cell floor(i * cells / covered).
std::size_t cell_of(int pixel, int cells, int covered) {
  return static_cast<std::size_t>(std::int64_t{pixel} * cells / covered);
}

}  // namespace

DensityMap density_on_grid(std::span<const Point> points, int width, int height, int grid_width, int grid_height,
                           int covered_width, int covered_height) {
  const std::size_t row_cells = static_cast<std::size_t>(grid_width);
  std::vector<double> sums(row_cells * static_cast<std::size_t>(grid_height));
  for (int top = 0; top < height; top += kBandRows) {
    const Window band{0, top, width, std::min(kBandRows, height - top)};
    const std::vector<float> density = density_map(points, width, height, band);
    const float* value = density.data();
    for (int y = top; y < top + band.height; ++y) {
      double* const row = sums.data() + cell_of(y, grid_height, covered_height) * row_cells;
      for (int x = 0; x < width; ++x) row[cell_of(x, grid_width, covered_width)] += *value++;
    }
  }
  return {grid_width, grid_height, {sums.begin(), sums.end()}};
}

bool BestExperts::any() const {
  return std::ranges::any_of(shares, [](double share) { return share > 0; });
}

BestExperts best_experts(std::span<const DensityMap* const> experts, const DensityMap& truth, double cell_area,
                         double foreground) {
  for (const DensityMap* expert : experts) {
    if (expert->width != truth.width || expert->height != truth.height) {
      throw Error(ErrorKind::failure, text("an expert's map of ", expert->width, " x ", expert->height,
                                           " cells cannot be compared with a truth of ", truth.width, " x ",
                                           truth.height, ": bring both to one grid"));
    }
  }
  BestExperts result{truth.width, truth.height, {}, std::vector<double>(experts.size())};
  result.best.assign(truth.values.size(), BestExperts::kBackground);
  std::size_t crowd = 0;
  for (std::size_t cell = 0; cell < truth.values.size(); ++cell) {
    if (experts.empty() || !(truth.values[cell] > foreground * cell_area)) continue;
    const auto distance = [&](const DensityMap* expert) { return std::abs(expert->values[cell] - truth.values[cell]); };
    const auto best = static_cast<std::size_t>(std::ranges::min_element(experts, {}, distance) - experts.begin());
    result.best[cell] = static_cast<int>(best);
    result.shares[best] += 1;
    ++crowd;
  }
  for (double& share : result.shares) share /= static_cast<double>(std::max<std::size_t>(crowd, 1));
  return result;
}

}  // namespace throng
