#include "model/gates/gate.h"

#include <ATen/core/Tensor.h>

#include "throng/error.h"

namespace throng {

Gate::Gate(const GateConfig& config, std::int64_t in, const std::vector<Group>& groups, std::int64_t logits,
           std::int64_t channels, double width)
    : weighting_(parse_weighting(config.weighting)),
      groups_(groups),
      channels_(channels),
      trunk_(config.trunk, config.block, in, logits * channels, width, Activation::relu, "model.gates.trunk") {}

at::Tensor Gate::weights(const at::Tensor& logits) const {
  switch (weighting_) {
    case Weighting::hard:
      return hard_weights(logits, groups_);
    case Weighting::image:
      return image_weights(logits, groups_);
    case Weighting::channel:
      return channel_weights(logits, groups_, channels_);
    case Weighting::pixel:
    case Weighting::average:  // these two have no gate (needs_gate)
    case Weighting::concat:
      break;
  }
  return pixel_weights(logits, groups_);
}

}  // namespace throng
