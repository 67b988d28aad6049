#include <ATen/ATen.h>

#include "loss/terms.h"

namespace throng {

at::Tensor importance_loss(const at::Tensor& gate_weights, const std::vector<Group>& groups) {
  constexpr double kTiny = 1e-10;  // keeps the quotient finite
  // Over the batch and everything behind the members: pixels, or channels where those are weighed.
  const at::Tensor importance = gate_weights.transpose(0, 1).flatten(1).sum(1);
  at::Tensor loss = at::zeros({}, gate_weights.options());
  for (const Group& group : groups) {
    if (group.first_logit < 0) continue;
    const at::Tensor members = importance.narrow(0, group.first_logit, static_cast<std::int64_t>(group.members.size()));
    loss = loss + members.var(/*unbiased=*/true) / (members.mean().square() + kTiny);
  }
  return loss;
}

}  // namespace throng
