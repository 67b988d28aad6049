#include "train/precision.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>

#include "infer/device.h"

namespace throng {

Autocast::Autocast(const std::string& precision, const at::Device& device)
    : precision_(choose_precision(parse_precision(precision), device)), device_(device.type()) {}

AutocastScope::AutocastScope(const Autocast& autocast) : autocast_(autocast) {
  if (!autocast_.on()) return;
  enabled_before_ = at::autocast::is_autocast_enabled(autocast_.device());
  type_before_ = at::autocast::get_autocast_dtype(autocast_.device());
  at::autocast::set_autocast_enabled(autocast_.device(), true);
  at::autocast::set_autocast_dtype(autocast_.device(), at::kBFloat16);
  at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
  if (!autocast_.on()) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(autocast_.device(), enabled_before_);
  at::autocast::set_autocast_dtype(autocast_.device(), type_before_);
}

Prediction forward_in(const Autocast& autocast, const DensityNet& net, const at::Tensor& images) {
  const AutocastScope scope(autocast);
  return in_fp32(net.forward(images));
}

Prediction in_fp32(Prediction prediction) {
  for (DensityOutput& output : prediction.outputs) output.map = output.map.to(at::kFloat);
  if (prediction.attention.defined()) prediction.attention = prediction.attention.to(at::kFloat);
  for (at::Tensor& weights : prediction.gate_weights) {
    if (weights.defined()) weights = weights.to(at::kFloat);
  }
  return prediction;
}

}  // namespace throng
