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
  const std::int64_t count = std::min<std::int64_t>(options.regions, error.size(0));
  // Stable: equal errors keep row-major order, equal true counts keep descending error.
  const at::Tensor hard =
      std::get<1>(at::sort(error.detach(), /*stable=*/true, 0, /*descending=*/true)).narrow(0, 0, count);
  const at::Tensor ranks = std::get<1>(at::sort(truth.index_select(0, hard), /*stable=*/true, 0, /*descending=*/true));
  const at::Tensor ranked = predicted.index_select(0, hard.index_select(0, ranks));

  at::Tensor loss = at::zeros({}, predicted.options());
  if (const std::int64_t pairs = count - options.sublists; pairs > 0) {
    loss = loss + at::relu(ranked.narrow(0, options.sublists, pairs) - ranked.narrow(0, 0, pairs)).sum();
  }
  if (const std::int64_t thirds = std::min(options.sublists, count - 2 * options.sublists);
      options.closing && thirds > 0) {
    loss = loss + at::relu(ranked.narrow(0, 2 * options.sublists, thirds) - ranked.narrow(0, 0, thirds)).sum();
  }
  return loss;
}

at::Tensor relative_local_loss(const at::Tensor& prediction, const Target& target, std::int64_t cells,
                               const RelativeOptions& options) {
  const at::Tensor predicted = region_sums(prediction, cells) * kPixelsPerCell;
  const at::Tensor truth = region_sums(target.mean, cells) * kPixelsPerCell;
  const at::Tensor error = region_sums(squared_error(prediction.detach(), target), cells);
  at::Tensor loss = at::zeros({}, prediction.options());
  for (std::int64_t b = 0; b < prediction.size(0); ++b) {
    loss = loss + relative_order_loss(predicted[b], truth[b], error[b], options);
  }
  return loss;
}

}  // namespace throng
