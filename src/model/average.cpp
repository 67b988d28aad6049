#include "model/average.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "core/config.h"
#include "core/text.h"
#include "model/networks/network.h"
#include "throng/error.h"

namespace throng {

namespace {

void require_differ_in_weights_alone(const NamedModel& first, const NamedModel& other) {
  const auto refuse = [&](const std::string& difference) {
    throw Error(ErrorKind::usage,
                text(other.name, " has ", difference, " than ", first.name, ": models are averaged that differ in ",
                     "their weights alone, such as trainings from one start; leave it out"));
  };
  if (!same_network(first.loaded.net.config(), other.loaded.net.config())) refuse("another architecture");
  // Weights are for what goes in and comes out, too.
  const ModelCard &card = first.loaded.card, &other_card = other.loaded.card;
  if (card.density_scale != other_card.density_scale) refuse("another scale of its densities");
  if (config_tree(card.normalisation) != config_tree(other_card.normalisation)) refuse("another normalisation");
}

// `weight` of `other` and the rest of `net`. Unlike a sum that is divided, this leaves as they are, to the last bit,
// numbers that do not differ.
void move_towards(DensityNet& net, DensityNet& other, double weight) {
  const std::vector<NamedTensor> tensors = net.tensors(), others = other.tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].tensor->lerp_(*others[i].tensor, weight);
}

}  // namespace

LoadedModel average(std::span<NamedModel> models) {
  const at::NoGradGuard no_gradients;
  if (models.size() < 2) throw Error(ErrorKind::usage, "an average is of two models or more: name another one");
  for (const NamedModel& model : models.subspan(1)) require_differ_in_weights_alone(models.front(), model);

  DensityNet mean(models.front().loaded.net.config());
  double averaged = 0;
  for (NamedModel& model : models) move_towards(mean, model.loaded.net, 1 / ++averaged);
  ModelCard card = models.front().loaded.card;
  card.forget_measurements();
  return {std::move(mean), std::move(card)};
}

}  // namespace throng
