#include <ATen/ATen.h>

#include <algorithm>

#include "loss/terms.h"

namespace throng {

namespace {

// Sums over cells x cells squares of a map: [B, 1, h, w] -> [B, R].
at::Tensor region_sums(const at::Tensor& map, std::int64_t cells) {
  return (at::avg_pool2d(map, cells) * static_cast<double>(cells * cells)).flatten(1);
}

}  // namespace

at::Tensor relative_order_loss(const at::Tensor& predicted, const at::Tensor& truth, const at::Tensor& error,
                               const RelativeOptions& options) {
  const std::int64_t count = std::min<std::int64_t>(options.regions, error.size(-1));
  // Stable: equal errors keep row-major order, equal true counts keep descending error.
  const at::Tensor hard =
      std::get<1>(at::sort(error.detach(), /*stable=*/true, -1, /*descending=*/true)).narrow(-1, 0, count);
  const at::Tensor ranks = std::get<1>(at::sort(truth.gather(-1, hard), /*stable=*/true, -1, /*descending=*/true));
  const at::Tensor ranked = predicted.gather(-1, hard.gather(-1, ranks));

  at::Tensor loss = at::zeros({}, predicted.options());
  if (const std::int64_t pairs = count - options.sublists; pairs > 0) {
    loss = loss + at::relu(ranked.narrow(-1, options.sublists, pairs) - ranked.narrow(-1, 0, pairs)).sum();
  }
  if (const std::int64_t thirds = std::min(options.sublists, count - 2 * options.sublists);
      options.closing && thirds > 0) {
    loss = loss + at::relu(ranked.narrow(-1, 2 * options.sublists, thirds) - ranked.narrow(-1, 0, thirds)).sum();
  }
  return loss;
}

at::Tensor relative_local_loss(const at::Tensor& prediction, const Target& target, std::int64_t cells,
                               const RelativeOptions& options) {
  const at::Tensor predicted = region_sums(prediction, cells) * kPixelsPerCell;
  const at::Tensor truth = region_sums(target.mean, cells) * kPixelsPerCell;
  const at::Tensor error = region_sums(squared_error(prediction.detach(), target), cells);
  return relative_order_loss(predicted, truth, error, options);
}

}  // namespace throng
