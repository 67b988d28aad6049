#include "model/average.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config.h"
#include "core/text.h"
#include "model/config_difference.h"
#include "throng/error.h"

namespace throng {

namespace {

// What two models differ in besides their weights, in words; "" where in nothing.
std::string difference_of(const LoadedModel& one, const LoadedModel& other) {
  const auto words = [](std::string_view what, const ConfigDifference& difference) {
    return text("another ", what, " (", difference.key, " is ", difference.one, ", not ", difference.other, ")");
  };
  if (const auto found = network_difference(one.net.config(), other.net.config())) return words("architecture", *found);
  // Weights are for what goes in and comes out, too.
  if (const auto found = first_difference(one.card.density_scale, other.card.density_scale, "density_scale"))
    return words("scale of its densities", *found);
  if (const auto found =
          first_difference(config_tree(one.card.normalisation), config_tree(other.card.normalisation), "normalisation"))
    return words("normalisation", *found);
  return "";
}

// `weight` of `other` and the rest of `net`. Unlike a sum that is divided, this leaves as they are, to the last bit,
// numbers that do not differ.
void move_towards(DensityNet& net, DensityNet& other, double weight) {
  const at::NoGradGuard no_gradients;
  const std::vector<NamedTensor> tensors = net.tensors(), others = other.tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].tensor->lerp_(*others[i].tensor, weight);
}

}  // namespace

void ModelMean::add(SourceModel model) {
  Json description = described(model);
  if (!mean_) {
    first_ = model.path;
    mean_ = std::move(model.loaded);
  } else if (const std::string difference = difference_of(model.loaded, *mean_); !difference.empty()) {
    throw Error(ErrorKind::usage, text(model.path, " has ", difference, " than ", first_,
                                       ": models are averaged that differ in their weights alone, such as trainings ",
                                       "from one start; leave it out"));
  } else {
    move_towards(mean_->net, model.loaded.net, 1.0 / static_cast<double>(made_of_.size() + 1));
  }
  made_of_.push_back(std::move(description));
}

LoadedModel ModelMean::take() {
  if (!mean_ || made_of_.size() < 2)
    throw Error(ErrorKind::usage, "an average is of two models or more: name another one");
  LoadedModel mean = *std::exchange(mean_, {});
  mean.card.name = text("mean of ", quantity(static_cast<std::int64_t>(made_of_.size()), "model"));
  mean.card.provenance = {{"averaged", std::exchange(made_of_, Json::array())}};
  mean.card.forget_measurements();
  return mean;
}

}  // namespace throng
