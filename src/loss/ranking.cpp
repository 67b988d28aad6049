#include <ATen/ATen.h>

#include "loss/terms.h"

namespace throng {

namespace {

// People per crop: [B, 1, h, w] -> [B].
at::Tensor people(const at::Tensor& map, const Target& target) {
  return map.flatten(1).sum(1) * (kPixelsPerCell / target.scale);
}

// The log of NeuralSort's relaxed permutation matrix for a descending order: row i is a distribution over what stands
// in place i. scores [B] -> [B, B].
at::Tensor log_relaxed_order(const at::Tensor& scores) {
  const std::int64_t count = scores.size(0);
  const at::Tensor distances = (scores.unsqueeze(0) - scores.unsqueeze(1)).abs().sum(1);
  const at::Tensor places = count + 1 - 2 * at::arange(1, count + 1, scores.options());
  return at::log_softmax(places.unsqueeze(1) * scores.unsqueeze(0) - distances.unsqueeze(0), 1);
}

}  // namespace

at::Tensor ranking_loss(const at::Tensor& prediction, const Target& target) {
  const at::Tensor truth = people(target.mean, target);
  const at::Tensor order = std::get<1>(at::sort(truth, /*stable=*/true, 0, /*descending=*/true));
  return -log_relaxed_order(people(prediction, target)).gather(1, order.unsqueeze(1)).sum();
}

at::Tensor count_loss(const at::Tensor& prediction, const Target& target) {
  return (people(prediction, target) - people(target.mean, target)).abs().sum();
}

}  // namespace throng
