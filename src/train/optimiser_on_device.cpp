#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "train/optimiser.h"

// A step of Adam that a device makes by itself: no number of it comes to the program.
namespace throng {

void Optimiser::set_rate(double learning_rate) {
  for (const Weight& weight : weights_) {
    if (std::ranges::find(groups_, weight.lr_factor, &RateGroup::lr_factor) == groups_.end())
      groups_.push_back({weight.lr_factor, at::zeros_like(weight.step)});
  }
  for (const RateGroup& group : groups_) group.rate.fill_(learning_rate * group.lr_factor);
}

at::Tensor Optimiser::descend_without_waiting(const at::Tensor& loss) {
  // What a recording that failed may have left.
  for (const Weight& weight : weights_) weight.parameter.mutable_grad() = at::Tensor();
  loss.backward();
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> gradients, present;
  for (const Weight& weight : weights_) {
    gradients.push_back(take_gradient(weight));
    if (gradients.back().defined()) present.push_back(gradients.back());
  }
  if (present.empty()) {  // the averages alone move on, as in step()
    update_averages();
    return at::zeros({}, loss.options().dtype(at::kDouble));
  }
  const at::Tensor norm = at::stack(at::_foreach_norm(present, 2)).to(at::kDouble).norm();
  if (config_.clip > 0) at::_foreach_mul_(present, (config_.clip / norm).clamp_max(1.0).to(at::kFloat));
  const at::Tensor broken = at::isfinite(norm).logical_and(at::isfinite(loss.detach())).logical_not().to(at::kFloat);
  for (const RateGroup& group : groups_) {
    std::vector<at::Tensor> parameters, along, first, second, steps;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const Weight& weight = weights_[i];
      if (weight.lr_factor != group.lr_factor || !gradients[i].defined()) continue;
      parameters.push_back(weight.parameter.detach());
      along.push_back(gradients[i]);
      first.push_back(weight.first_moment);
      second.push_back(weight.second_moment);
      steps.push_back(weight.step);
    }
    if (parameters.empty()) continue;
    at::_foreach_add_(steps, 1);
    at::_fused_adamw_(parameters, along, first, second, {}, steps, group.rate, kBeta1, kBeta2, config_.weight_decay,
                      kEpsilon, /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/std::nullopt,
                      /*found_inf=*/broken);
  }
  update_averages();
  return norm;
}

}  // namespace throng
