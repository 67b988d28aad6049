#include "infer/edges.h"

#include <algorithm>

#include "core/text.h"
#include "model/conv_block.h"
#include "throng/error.h"

namespace throng {

namespace {

using Kind = FeatureNode::Kind;

// Nodes whose values must stay fp32 whatever the convolutions compute in.
std::vector<bool> exact_nodes(const FeatureGraph& graph, const std::vector<int>& outputs) {
  std::vector<bool> exact(graph.nodes.size()), read(graph.nodes.size());
  for (const FeatureNode& node : graph.nodes) {
    for (const int input : node.inputs) {
      read[static_cast<std::size_t>(input)] = true;
      if (node.kind == Kind::sigmoid) exact[static_cast<std::size_t>(input)] = true;
    }
  }
  for (const int output : outputs) {
    // Density maps are summed over the whole image.
    if (!read[static_cast<std::size_t>(output)]) exact[static_cast<std::size_t>(output)] = true;
  }
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    if (graph.nodes[node].kind == Kind::sigmoid) exact[node] = true;
  }
  // What only passes values on takes them as they must leave it.
  for (std::size_t node = graph.nodes.size(); node-- > 0;) {
    const FeatureNode& what = graph.nodes[node];
    if (exact[node] && (what.kind == Kind::resize || what.kind == Kind::pool || what.kind == Kind::concat)) {
      for (const int input : what.inputs) exact[static_cast<std::size_t>(input)] = true;
    }
  }
  return exact;
}

float step_of(const std::string& name, const ActivationRanges& ranges) {
  const auto found = ranges.find(name);
  if (found == ranges.end()) {
    throw Error(ErrorKind::model,
                text("the model's calibration does not know ", name,
                     ": calibrate it again with 'throng model quantize', or count with --precision fp32"));
  }
  // A map that was zero on all pictures may have any step.
  return found->second > 0 ? found->second / 255 : 1.0F;
}

// What only passes values on gives what it takes; side by side lie values of one type, in the largest step.
Edge passed_on(const FeatureNode& node, const std::vector<Edge>& edges, at::ScalarType rest) {
  Edge edge = edges[static_cast<std::size_t>(node.inputs.front())];
  if (node.kind != Kind::concat) return edge;
  for (const int input : node.inputs) {
    const Edge& part = edges[static_cast<std::size_t>(input)];
    if (part.type != edge.type) return {rest, 1};
    edge.scale = std::max(edge.scale, part.scale);
  }
  return edge;
}

// `computed` gives the edge of a convolution that need not be exact.
template <class Computed>
std::vector<Edge> edges_of(const FeatureGraph& graph, const std::vector<int>& outputs, at::ScalarType rest,
                           const Computed& computed) {
  const std::vector<bool> exact = exact_nodes(graph, outputs);
  std::vector<Edge> edges;
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    const FeatureNode& what = graph.nodes[node];
    if (exact[node]) {
      edges.push_back({at::kFloat, 1});
    } else if (what.kind == Kind::image) {
      edges.push_back({rest, 1});
    } else if (what.kind == Kind::convolution) {
      edges.push_back(computed(node));
    } else {
      edges.push_back(passed_on(what, edges, rest));
    }
  }
  return edges;
}

}  // namespace

std::vector<Edge> float_edges(const FeatureGraph& graph, const std::vector<int>& outputs, at::ScalarType type) {
  return edges_of(graph, outputs, type, [&](std::size_t) { return Edge{type, 1}; });
}

std::vector<Edge> int8_edges(const FeatureGraph& graph, const std::vector<int>& outputs,
                             const std::vector<std::string>& names, const ActivationRanges& ranges, at::ScalarType rest,
                             bool picture_bytes) {
  std::vector<Edge> edges = edges_of(graph, outputs, rest, [&](std::size_t node) {
    const bool positive = graph.nodes[node].block->spec().activation == Activation::relu;
    return positive ? Edge{at::kByte, step_of(names[node], ranges)} : Edge{rest, 1};
  });
  if (picture_bytes) edges.front() = {at::kByte, 1};
  return edges;
}

std::vector<int> readers_of_image(const FeatureGraph& graph) {
  std::vector<int> readers;
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    const FeatureNode& what = graph.nodes[node];
    if (std::ranges::find(what.inputs, 0) == what.inputs.end()) continue;
    if (what.kind != Kind::convolution || what.inputs.size() > 1) return {};
    readers.push_back(static_cast<int>(node));
  }
  return readers;
}

}  // namespace throng
