#include "model/gates/weighting.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

struct NamedWeighting {
  const char* name;
  Weighting weighting;
};

constexpr std::array kWeightings = {
    NamedWeighting{"pixel", Weighting::pixel},     NamedWeighting{"hard", Weighting::hard},
    NamedWeighting{"image", Weighting::image},     NamedWeighting{"average", Weighting::average},
    NamedWeighting{"channel", Weighting::channel}, NamedWeighting{"concat", Weighting::concat},
};

at::Tensor pooled(const at::Tensor& logits) { return logits.mean(at::IntArrayRef{2, 3}, /*keepdim=*/true); }

}  // namespace

Weighting parse_weighting(const std::string& name) {
  std::vector<std::string> names;
  for (const NamedWeighting& known : kWeightings) {
    if (name == known.name) return known.weighting;
    names.emplace_back(known.name);
  }
  throw Error(ErrorKind::usage,
              text("model.gates.weighting is \"", name, "\", but must be one of: ", join(names, ", ")));
}

bool mixes_features(Weighting weighting) { return weighting == Weighting::channel || weighting == Weighting::concat; }

bool needs_gate(Weighting weighting) { return weighting != Weighting::average && weighting != Weighting::concat; }

at::Tensor pixel_weights(const at::Tensor& logits, const std::vector<Group>& level) {
  return normalise_per_group(logits, level);
}

at::Tensor hard_weights(const at::Tensor& logits, const std::vector<Group>& level) {
  const at::Tensor soft = normalise_per_group(logits, level);
  const at::Tensor values = soft.detach();
  at::Tensor chosen = at::zeros_like(values);
  for (const Group& group : level) {
    if (group.first_logit < 0) continue;
    const auto members = static_cast<std::int64_t>(group.members.size());
    const at::Tensor strongest = values.narrow(1, group.first_logit, members).argmax(1, /*keepdim=*/true);
    chosen.narrow(1, group.first_logit, members).scatter_(1, strongest, 1.0);
  }
  return chosen + (soft - values);
}

at::Tensor image_weights(const at::Tensor& logits, const std::vector<Group>& level) {
  return normalise_per_group(pooled(logits), level);
}

at::Tensor channel_weights(const at::Tensor& logits, const std::vector<Group>& level, std::int64_t channels) {
  const at::Tensor per_member = pooled(logits).unflatten(1, {logits.size(1) / channels, channels});
  return normalise_per_group(per_member, level);
}

}  // namespace throng
