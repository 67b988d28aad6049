#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "model/calibration.h"
#include "model/recording.h"

namespace throng {

/// What the map that a node gives consists of.
struct Edge {
  at::ScalarType type = at::kFloat;
  float scale = 1;  ///< what a step of u8 is worth
};

/// The types of all nodes where convolutions compute in `type`, fp32 or bf16. What sigmoids read, and what leaves the
/// graph with nothing behind it, is fp32.
std::vector<Edge> float_edges(const FeatureGraph& graph, const std::vector<int>& outputs, at::ScalarType type);

/// The types where convolutions compute in int8: what has passed a ReLU is u8, in steps of a 255th of its largest; the
/// image, and what can be negative, is of type `rest`. `names` are those of the nodes' blocks. Throws Error(model)
/// where a range is missing. With `picture_bytes` the image is u8, its own bytes.
std::vector<Edge> int8_edges(const FeatureGraph& graph, const std::vector<int>& outputs,
                             const std::vector<std::string>& names, const ActivationRanges& ranges, at::ScalarType rest,
                             bool picture_bytes = false);

/// The convolutions that read the image; none where something else reads it too.
std::vector<int> readers_of_image(const FeatureGraph& graph);

}  // namespace throng
