#include <ATen/ATen.h>

#include <algorithm>

#include "loss/terms.h"

namespace throng {

namespace {

// Matryoshka patches (Liu et al., CVPR 2018): how often the largest is shrunk, and by what.
constexpr std::int64_t kPatches = 5;
constexpr double kShrink = 0.75;
constexpr double kAnchorShare = 1.0 / 8;

// [B, R] numbers without meaning: the largest of them are a random choice.
at::Tensor random_ranks(const Target& target, std::int64_t regions) {
  const at::Tensor ranks = at::empty({static_cast<std::int64_t>(target.draws.size()), regions}, at::kDouble);
  double* rank = ranks.data_ptr<double>();
  for (const Draw& draw : target.draws) {
    for (std::int64_t i = 0; i < regions; ++i) *rank++ = draw.uniform(static_cast<std::uint64_t>(i));
  }
  return ranks.to(target.mean.device());
}

// How much of each of `cells` unit cells the interval [middle - reach, middle + reach] covers.
at::Tensor coverage(std::int64_t cells, double middle, double reach, const at::TensorOptions& options) {
  const at::Tensor edges = at::arange(cells, options);
  return (at::minimum(edges + 1, at::full({}, middle + reach, options)) -
          at::maximum(edges, at::full({}, middle - reach, options)))
      .clamp_min(0);
}

// The counts in nested squares around a random point of the picture's middle, largest first: [B, kPatches].
at::Tensor nested_counts(const at::Tensor& counted, const Target& target) {
  const std::int64_t height = counted.size(2), width = counted.size(3);
  std::vector<at::Tensor> counts;
  for (std::int64_t b = 0; b < counted.size(0); ++b) {
    const Draw& draw = target.draws[static_cast<std::size_t>(b)];
    const double x = static_cast<double>(width) * (0.5 + kAnchorShare * (draw.uniform(0) - 0.5));
    const double y = static_cast<double>(height) * (0.5 + kAnchorShare * (draw.uniform(1) - 0.5));
    double reach = std::min({x, y, static_cast<double>(width) - x, static_cast<double>(height) - y});
    std::vector<at::Tensor> patches;
    for (std::int64_t i = 0; i < kPatches; ++i, reach *= kShrink) {
      const at::Tensor rows = coverage(height, y, reach, counted.options());
      const at::Tensor columns = coverage(width, x, reach, counted.options());
      patches.push_back(rows.dot(counted[b][0].mv(columns)) * kPixelsPerCell);
    }
    counts.push_back(at::stack(patches));
  }
  return at::stack(counts);
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

at::Tensor relative_local_loss(const at::Tensor& counted, const at::Tensor& prediction, const Target& target,
                               std::int64_t region, const RelativeOptions& options) {
  if (options.choice == RegionChoice::matryoshka) {
    // Of nested patches the larger one never holds fewer people, so their order needs no truth.
    const at::Tensor counts = nested_counts(counted, target);
    const at::Tensor order = at::arange(kPatches, 0, -1, counts.options()).expand_as(counts);
    return relative_order_loss(counts, order, at::ones_like(counts), options);
  }
  const LocalCounts counts = local_counts(counted, prediction, target, region);
  const bool random = options.choice == RegionChoice::random;
  return relative_order_loss(counts.predicted, counts.truth,
                             random ? random_ranks(target, counts.truth.size(1)) : counts.error, options);
}

}  // namespace throng
