#include "model/level.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "model/resize.h"
#include "throng/error.h"

namespace throng {

namespace {

std::vector<at::Tensor> parts(const std::vector<Candidate>& candidates, at::Tensor Candidate::*part) {
  std::vector<at::Tensor> tensors;
  for (const Candidate& candidate : candidates) tensors.push_back(candidate.*part);
  return tensors;
}

// Weights of a grid of their own are brought to the maps'; those of whole pictures broadcast.
at::Tensor on_grid_of(const at::Tensor& map, const at::Tensor& weights) {
  if (weights.dim() != 4 || (weights.size(2) == 1 && weights.size(3) == 1)) return weights;
  return resize_nearest(weights, map.size(2), map.size(3));
}

}  // namespace

Level::Level(std::size_t number, const GateConfig& config, std::vector<Group> groups, std::int64_t logits,
             const LevelInputs& inputs, double width)
    : number_(number), weighting_(parse_weighting(config.weighting)), groups_(std::move(groups)), logits_(logits) {
  const bool features = mixes_features(weighting_);
  if (features && inputs.feature_channels.empty()) {
    throw Error(ErrorKind::usage, text("model.gates: level ", number, " mixes features (", config.weighting,
                                       "), but the level before it has mixed them into densities already"));
  }
  const std::int64_t channels = weighting_ == Weighting::channel ? inputs.feature_channels.front() : 1;
  if (logits > 0 && needs_gate(weighting_))
    gate_.emplace(config, inputs.gate_channels, groups_, logits, channels, width);
  if (!features) return;
  for (const Group& group : groups_) {
    std::int64_t in = weighting_ == Weighting::channel ? channels : 0;
    if (weighting_ == Weighting::concat) {
      for (const std::int64_t member : group.members) in += inputs.feature_channels[member];
    }
    // A concatenation is projected at once (the paper's 1x1 convolution), a mixture goes through a density head.
    const TrunkLayers layers = weighting_ == Weighting::concat ? TrunkLayers{} : TrunkLayers{{1, inputs.head}};
    heads_.emplace_back(layers, "conv", in, 1, width, Activation::relu, "model.decoder.head");
    feature_channels_.push_back(in);
  }
}

std::vector<Candidate> Level::mix(const std::vector<Candidate>& candidates, const at::Tensor& weights) const {
  const bool features = !heads_.empty();
  const at::Tensor& map = features ? candidates.front().features : candidates.front().density;
  at::Tensor used;
  if (weights.defined()) used = on_grid_of(map, weights);
  if (weighting_ == Weighting::average && logits_ > 0) used = equal_weights(groups_, map.options());
  const std::vector<at::Tensor> maps = parts(candidates, features ? &Candidate::features : &Candidate::density);
  const std::vector<at::Tensor> locals = parts(candidates, &Candidate::local);

  std::vector<Candidate> mixed;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    Candidate& group = mixed.emplace_back();
    if (!features) {
      group.density = mix_group(groups_[i], maps, used);
      if (locals.front().defined()) group.local = mix_group(groups_[i], locals, used);
      continue;
    }
    if (weighting_ == Weighting::concat) {
      std::vector<at::Tensor> members;
      for (const std::int64_t member : groups_[i].members) members.push_back(maps[member]);
      group.features = at::cat(members, 1);
    } else {
      group.features = mix_group(groups_[i], maps, used);
    }
    group.density = heads_[i].forward(group.features);
  }
  return mixed;
}

void Level::visit_gate(const BlockVisitor& visit) {
  if (gate_) gate_->visit(text("gate", number_), visit);
}

void Level::visit_heads(const BlockVisitor& visit) {
  for (std::size_t i = 0; i < heads_.size(); ++i) heads_[i].visit("head_" + groups_[i].name, visit);
}

}  // namespace throng
