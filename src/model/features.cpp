#include "model/features.h"

#include <ATen/ATen.h>

namespace throng {

namespace {

using Kind = FeatureNode::Kind;

// Gives what was computed, and writes it down where a recording is going on.
template <class Describe>
at::Tensor recorded(at::Tensor values, const Describe& describe) {
  FeatureRecording* const recording = FeatureRecording::current();
  if (recording == nullptr) return values;
  // Where nothing was to do, the input itself came back: a node has a tensor of its own.
  return recording->add(describe(*recording), values.alias());
}

}  // namespace

at::Tensor max_pool(const at::Tensor& input, const Pooling& pooling) {
  return recorded(
      at::max_pool2d(input, pooling.kernel, pooling.stride, pooling.padding, /*dilation=*/1, pooling.round_up),
      [&](const FeatureRecording& recording) {
        return FeatureNode{.kind = Kind::pool, .inputs = {recording.node_of(input)}, .pooling = pooling};
      });
}

at::Tensor concat(const std::vector<at::Tensor>& parts) {
  return recorded(at::cat(parts, 1), [&](const FeatureRecording& recording) {
    FeatureNode node{.kind = Kind::concat};
    for (const at::Tensor& part : parts) node.inputs.push_back(recording.node_of(part));
    return node;
  });
}

at::Tensor resize_bilinear_like(const at::Tensor& input, const at::Tensor& like, ResizeMode mode) {
  return recorded(resize_bilinear(input, like.size(2), like.size(3), mode), [&](const FeatureRecording& recording) {
    return FeatureNode{
        .kind = Kind::resize, .inputs = {recording.node_of(input)}, .bilinear = mode, .like = recording.node_of(like)};
  });
}

at::Tensor resize_nearest_like(const at::Tensor& input, const at::Tensor& like) {
  return recorded(resize_nearest(input, like.size(2), like.size(3)), [&](const FeatureRecording& recording) {
    return FeatureNode{.kind = Kind::resize, .inputs = {recording.node_of(input)}, .like = recording.node_of(like)};
  });
}

at::Tensor sigmoid(const at::Tensor& input) {
  return recorded(at::sigmoid(input), [&](const FeatureRecording& recording) {
    return FeatureNode{.kind = Kind::sigmoid, .inputs = {recording.node_of(input)}};
  });
}

at::Tensor weigh_pixels(const at::Tensor& features, const at::Tensor& weights) {
  return recorded(features * weights, [&](const FeatureRecording& recording) {
    return FeatureNode{.kind = Kind::product, .inputs = {recording.node_of(features), recording.node_of(weights)}};
  });
}

}  // namespace throng
