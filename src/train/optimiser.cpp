#include "train/optimiser.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "core/text.h"
#include "kernels/openmp_threads.h"
#include "throng/error.h"
#include "train/adam.h"

namespace throng {

namespace {

bool has_prefix(const std::string& name, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

bool is_of_encoder(const std::string& name) { return name.starts_with("encoder."); }

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

constexpr std::int64_t kPart = 1 << 16;  // weights that one thread takes at a time

// Returns the sum of the squared gradients; it does not depend on the number of threads.
double adam_in_bf16(const at::Tensor& parameter, const at::Tensor& gradient, const at::Tensor& first,
                    const at::Tensor& second, std::size_t seed, const AdamStep& step) {
  const std::int64_t count = parameter.numel();
  auto* weights = parameter.data_ptr<float>();
  const auto* gradients = gradient.const_data_ptr<float>();
  auto* first_moments = static_cast<std::uint16_t*>(first.data_ptr());
  auto* second_moments = static_cast<std::uint16_t*>(second.data_ptr());
  std::vector<double> squares(static_cast<std::size_t>((count + kPart - 1) / kPart));
  on_openmp_threads(static_cast<std::int64_t>(squares.size()), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      const std::int64_t at = part * kPart;
      squares[static_cast<std::size_t>(part)] =
          adam_step_bf16(weights + at, gradients + at, first_moments + at, second_moments + at, at,
                         std::min(kPart, count - at), seed, step);
    }
  });
  return std::accumulate(squares.begin(), squares.end(), 0.0);
}

}  // namespace

/// Moves a weight when its gradient is complete.
class Optimiser::UseAtOnce final : public torch::autograd::PostAccumulateGradHook {
 public:
  UseAtOnce(Optimiser& optimiser, std::size_t weight) : optimiser_(optimiser), weight_(weight) {}

  void operator()(const at::Tensor&) override {
    if (!optimiser_.descending_) return;
    const at::NoGradGuard no_gradients;
    optimiser_.move({weight_});
  }

 private:
  Optimiser& optimiser_;
  std::size_t weight_;
};

Optimiser::Optimiser(DensityNet& net, const TrainConfig& config, at::ScalarType moments) : config_(config) {
  check_frozen(net, config.frozen);
  for (const NamedTensor& named : net.tensors()) {
    named.tensor->set_requires_grad(false);
    if (named.trained && !has_prefix(named.name, config.frozen)) add(named, moments);
  }
  if (weights_.empty()) {
    throw Error(ErrorKind::usage,
                text("train.frozen (", join(config.frozen, ", "), ") leaves nothing of the network to train"));
  }
}

Optimiser::~Optimiser() {
  for (const Weight& weight : weights_) torch::autograd::impl::set_post_acc_grad_hooks(weight.parameter, nullptr);
}

void Optimiser::add(const NamedTensor& named, at::ScalarType moments) {
  named.tensor->set_requires_grad(true);
  const at::Tensor plain = named.tensor->detach();
  Weight& weight = weights_.emplace_back();
  weight.name = named.name;
  weight.lr_factor = is_of_encoder(named.name) ? config_.encoder_lr : 1.0;
  weight.parameter = *named.tensor;
  weight.first_moment = at::zeros_like(plain, plain.options().dtype(moments));
  weight.second_moment = at::zeros_like(plain, plain.options().dtype(moments));
  weight.step = at::zeros({}, plain.options());
  torch::autograd::impl::set_post_acc_grad_hooks(weight.parameter,
                                                 std::make_unique<UseAtOnce>(*this, weights_.size() - 1));
  if (config_.ema > 0) {
    average_names_.push_back(named.name);
    averaged_.push_back(plain);
    averages_.push_back(plain.clone());
  }
}

double Optimiser::descend(const at::Tensor& loss, double learning_rate) {
  learning_rate_ = learning_rate;
  descending_ = config_.clip <= 0 && weights_.front().parameter.is_cpu();
  try {
    loss.backward();
  } catch (...) {
    descending_ = false;
    throw;
  }
  if (!descending_) return step(learning_rate);
  descending_ = false;
  return finish_step();
}

double Optimiser::step(double learning_rate) {
  const at::NoGradGuard no_gradients;
  learning_rate_ = learning_rate;
  const double norm = config_.clip > 0 ? clip_gradients() : 0;
  std::vector<std::size_t> encoder, others;
  for (std::size_t i = 0; i < weights_.size(); ++i) (is_of_encoder(weights_[i].name) ? encoder : others).push_back(i);
  move(encoder);
  move(others);
  const double moved_by = finish_step();
  return config_.clip > 0 ? norm : moved_by;
}

double Optimiser::clip_gradients() {
  std::vector<at::Tensor> gradients;
  for (const Weight& weight : weights_) {
    if (weight.parameter.grad().defined()) gradients.push_back(weight.parameter.grad());
  }
  if (gradients.empty()) return 0.0;
  const double norm = at::stack(at::_foreach_norm(gradients, 2)).to(at::kDouble).norm().item<double>();
  if (norm > config_.clip) at::_foreach_mul_(gradients, config_.clip / norm);
  return norm;
}

// Gives the gradient, laid out in memory as the weight is, for raw memory is walked; the weight keeps none.
at::Tensor Optimiser::take_gradient(const Weight& weight) {
  at::Tensor gradient = std::move(weight.parameter.mutable_grad());
  weight.parameter.mutable_grad() = at::Tensor();
  if (!gradient.defined() || gradient.strides() == weight.parameter.strides()) return gradient;
  return at::empty_like(weight.parameter.detach()).copy_(gradient);
}

// Some weights of one learning rate along their gradients, which go.
void Optimiser::move(const std::vector<std::size_t>& weights) {
  std::vector<at::Tensor> parameters, gradients, first, second, steps;
  double rate = 0;
  for (const std::size_t index : weights) {
    const Weight& weight = weights_[index];
    const at::Tensor gradient = take_gradient(weight);
    if (!gradient.defined()) continue;
    weight.step.add_(1);
    rate = learning_rate_ * weight.lr_factor;
    const at::Tensor parameter = weight.parameter.detach();
    if (weight.first_moment.scalar_type() == at::kBFloat16) {
      const AdamStep step{
          rate, config_.weight_decay, kBeta1, kBeta2, kEpsilon, static_cast<std::int64_t>(weight.step.item<float>())};
      squared_norm_ += adam_in_bf16(parameter, gradient, weight.first_moment, weight.second_moment, index, step);
      continue;
    }
    parameters.push_back(parameter);
    gradients.push_back(gradient);
    first.push_back(weight.first_moment);
    second.push_back(weight.second_moment);
    steps.push_back(weight.step);
  }
  if (parameters.empty()) return;
  squared_norm_ += at::stack(at::_foreach_norm(gradients, 2)).to(at::kDouble).square().sum().item<double>();
  at::_fused_adamw_(parameters, gradients, first, second, {}, steps, rate, kBeta1, kBeta2, config_.weight_decay,
                    kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
}

// Returns the norm of all gradients.
double Optimiser::finish_step() {
  const at::NoGradGuard no_gradients;
  update_averages();
  return std::sqrt(std::exchange(squared_norm_, 0.0));
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
  for (const Weight& weight : weights_) {
    tensors.emplace_back("first_moment." + weight.name, weight.first_moment);
    tensors.emplace_back("second_moment." + weight.name, weight.second_moment);
    tensors.emplace_back("step." + weight.name, weight.step);
  }
  for (std::size_t i = 0; i < averages_.size(); ++i) tensors.emplace_back("average." + average_names_[i], averages_[i]);
  return tensors;
}

}  // namespace throng
