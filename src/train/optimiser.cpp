#include "train/optimiser.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

bool has_prefix(const std::string& name, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

void check_frozen(DensityNet& net, const std::vector<std::string>& prefixes) {
  const std::vector<NamedTensor> tensors = net.tensors();
  for (const std::string& prefix : prefixes) {
    const bool found =
        std::any_of(tensors.begin(), tensors.end(), [&](const auto& named) { return named.name.starts_with(prefix); });
    if (!found)
      throw Error(ErrorKind::usage,
                  text("train.frozen names \"", prefix, "\", but no tensor of the network begins with that"));
  }
}

}  // namespace

Optimiser::Optimiser(DensityNet& net, const TrainConfig& config) : config_(config), groups_(2) {
  check_frozen(net, config.frozen);
  groups_[0].lr_factor = config.encoder_lr;
  for (const NamedTensor& named : net.tensors()) {
    named.tensor->set_requires_grad(false);
    if (!named.trained || has_prefix(named.name, config.frozen)) continue;
    named.tensor->set_requires_grad(true);
    Group& group = groups_[named.name.starts_with("encoder.") ? 0 : 1];
    const at::Tensor plain = named.tensor->detach();
    group.names.push_back(named.name);
    group.parameters.push_back(*named.tensor);
    group.first_moments.push_back(at::zeros_like(plain));
    group.second_moments.push_back(at::zeros_like(plain));
    group.steps.push_back(at::zeros({}, plain.options()));
    if (config.ema > 0) {
      average_names_.push_back(named.name);
      averaged_.push_back(plain);
      averages_.push_back(plain.clone());
    }
  }
  if (groups_[0].parameters.empty() && groups_[1].parameters.empty()) {
    throw Error(ErrorKind::usage,
                text("train.frozen (", join(config.frozen, ", "), ") leaves nothing of the network to train"));
  }
}

double Optimiser::step(double learning_rate) {
  const at::NoGradGuard no_gradients;
  const double norm = clip_gradients();
  for (Group& group : groups_) update(group, learning_rate * group.lr_factor);
  update_averages();
  return norm;
}

double Optimiser::clip_gradients() {
  std::vector<at::Tensor> gradients;
  for (const Group& group : groups_) {
    for (const at::Tensor& parameter : group.parameters) {
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
  }
  if (gradients.empty()) return 0.0;
  const double norm = at::stack(at::_foreach_norm(gradients, 2)).to(at::kDouble).norm().item<double>();
  if (config_.clip > 0 && norm > config_.clip) at::_foreach_mul_(gradients, config_.clip / norm);
  return norm;
}

void Optimiser::update(Group& group, double learning_rate) {
  std::vector<at::Tensor> parameters, gradients, first, second, steps;
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    at::Tensor& gradient = group.parameters[i].mutable_grad();
    if (!gradient.defined()) continue;
    // The fused kernel walks raw memory: all four must lie in it alike.
    if (gradient.strides() != group.parameters[i].strides()) {
      gradient = at::empty_like(group.parameters[i].detach()).copy_(gradient);
    }
    parameters.push_back(group.parameters[i].detach());
    gradients.push_back(gradient);
    first.push_back(group.first_moments[i]);
    second.push_back(group.second_moments[i]);
    group.steps[i].add_(1);
    steps.push_back(group.steps[i]);
  }
  if (parameters.empty()) return;
  at::_fused_adamw_(parameters, gradients, first, second, {}, steps, learning_rate, kBeta1, kBeta2,
                    config_.weight_decay, kEpsilon,
                    /*amsgrad=*/false, /*maximize=*/false);
  for (at::Tensor& parameter : group.parameters) parameter.mutable_grad() = at::Tensor();
}

void Optimiser::update_averages() {
  if (!averages_.empty()) at::_foreach_lerp_(averages_, averaged_, 1.0 - config_.ema);
}

void Optimiser::swap_averages() {
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    const at::Tensor own = averaged_[i].clone();
    averaged_[i].copy_(averages_[i]);
    averages_[i].copy_(own);
  }
}

std::vector<std::pair<std::string, at::Tensor>> Optimiser::state() const {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const Group& group : groups_) {
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      tensors.emplace_back("first_moment." + group.names[i], group.first_moments[i]);
      tensors.emplace_back("second_moment." + group.names[i], group.second_moments[i]);
      tensors.emplace_back("step." + group.names[i], group.steps[i]);
    }
  }
  for (std::size_t i = 0; i < averages_.size(); ++i) tensors.emplace_back("average." + average_names_[i], averages_[i]);
  return tensors;
}

}  // namespace throng
