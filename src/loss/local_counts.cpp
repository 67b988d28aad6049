#include <ATen/ATen.h>

#include "loss/terms.h"

namespace throng {

namespace {

constexpr std::int64_t kQuarterCell = 4;  // pixels along a cell of the 1/4 grid
constexpr double kPixelsPerHalfCell = 4.0;

// Sums over cells x cells squares of a map: [B, 1, h, w] -> [B, R].
at::Tensor square_sums(const at::Tensor& map, std::int64_t cells) {
  return (at::avg_pool2d(map, cells) * static_cast<double>(cells * cells)).flatten(1);
}

// A map of the 1/4 grid on the 1/2 grid, where it has equal values in fours.
at::Tensor on_half_grid(const at::Tensor& map) { return map.repeat_interleave(2, 2).repeat_interleave(2, 3); }

}  // namespace

LocalCounts local_counts(const at::Tensor& counted, const at::Tensor& prediction, const Target& target,
                         std::int64_t region) {
  if (region < kQuarterCell) {
    const at::Tensor error =
        (on_half_grid(prediction.detach()) - target.half_mean).square() * kPixelsPerHalfCell + target.half_spread;
    return {on_half_grid(counted).flatten(1) * kPixelsPerHalfCell, target.half_mean.flatten(1) * kPixelsPerHalfCell,
            error.flatten(1)};
  }
  const std::int64_t cells = region / kQuarterCell;
  return {square_sums(counted, cells) * kPixelsPerCell, square_sums(target.mean, cells) * kPixelsPerCell,
          square_sums(squared_error(prediction.detach(), target), cells)};
}

at::Tensor absolute_local_loss(const at::Tensor& prediction, const Target& target, std::int64_t region) {
  const LocalCounts counts = local_counts(prediction, prediction, target, region);
  return (counts.predicted - counts.truth).abs().sum();
}

}  // namespace throng
