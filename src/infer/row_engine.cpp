#include "infer/row_engine.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "core/text.h"
#include "infer/layers/convolutions.h"

namespace throng {

namespace {

using Kind = FeatureNode::Kind;

// The maps of a network that are there, in a fixed order.
template <class Maps, class Visit>
void visit_maps(Maps& maps, const Visit& visit) {
  for (auto& map : maps.experts) visit(map);
  for (auto& map : maps.locals) visit(map);
  if (maps.attention.defined()) visit(maps.attention);
  for (auto& map : maps.logits) {
    if (map.defined()) visit(map);
  }
}

// A convolution is called as its block is, the rest after what it works on.
std::vector<std::string> node_names(const FeatureGraph& graph, DensityNet& net) {
  std::map<const ConvBlock*, std::string> blocks;
  net.visit([&](const std::string& name, ConvBlock& block) { blocks[&block] = name; });
  std::vector<std::string> names;
  for (const FeatureNode& node : graph.nodes) {
    const auto input = [&] { return names[static_cast<std::size_t>(node.inputs.front())]; };
    switch (node.kind) {
      case Kind::image:
        names.emplace_back("image");
        break;
      case Kind::convolution:
        names.push_back(blocks.at(node.block));
        break;
      case Kind::pool:
        names.push_back("pool of " + input());
        break;
      case Kind::concat:
        names.push_back("concatenation with " + input());
        break;
      case Kind::resize:
        names.push_back("resize of " + input());
        break;
      case Kind::sigmoid:
        names.push_back("sigmoid of " + input());
        break;
      case Kind::product:
        names.push_back("attention on " + input());
        break;
    }
  }
  return names;
}

bool is_activation(const FeatureNode& node) {
  return node.kind == Kind::convolution && node.block->spec().activation == Activation::relu;
}

double gflop_of(const FeatureNode& node, GridSize size) {
  if (node.kind != Kind::convolution) return 0;
  const ConvSpec& spec = node.block->spec();
  return 2e-9 * static_cast<double>(spec.in * spec.out * spec.kernel * spec.kernel) * size.height * size.width;
}

Band::Shape band_shape(const RowPlan& plan, const FeatureGraph& graph, const std::vector<Edge>& edges,
                       std::size_t node) {
  return {.channels = static_cast<int>(graph.nodes[node].channels),
          .width = plan.sizes[node].width,
          .height = plan.sizes[node].height,
          .margin = plan.margins[node],
          .capacity = plan.capacities[node],
          .type = edges[node].type,
          .scale = edges[node].scale};
}

// The rows of all maps during one pass.
class Bands {
 public:
  Bands(const RowPlan& plan, const FeatureGraph& graph, const std::vector<Edge>& edges)
      : plan_(plan), graph_(graph), edges_(edges), bands_(graph.nodes.size()), ends_(plan.steps.size()) {
    for (std::size_t node = 0; node < plan.last_use.size(); ++node) {
      const auto last = static_cast<std::size_t>(plan.last_use[node]);
      if (last < ends_.size()) ends_[last].push_back(node);
    }
  }

  MapRows append(const RowStep& step) {
    const auto node = static_cast<std::size_t>(step.node);
    if (!bands_[node]) bands_[node].emplace(band_shape(plan_, graph_, edges_, node));
    return bands_[node]->append(step.count, step.keep_from);
  }

  MapRows rows(int node, RowRange range) const {
    return bands_[static_cast<std::size_t>(node)]->rows(range.first, range.last);
  }

  MapRows whole(int node) const { return rows(node, {0, plan_.sizes[static_cast<std::size_t>(node)].height}); }

  // Gives memory back that nothing reads after this step.
  void end(std::size_t step) {
    for (const std::size_t node : ends_[step]) bands_[node].reset();
  }

 private:
  const RowPlan& plan_;
  const FeatureGraph& graph_;
  const std::vector<Edge>& edges_;
  std::vector<std::optional<Band>> bands_;
  std::vector<std::vector<std::size_t>> ends_;  // the nodes that are over with each step
};

}  // namespace

RowEngine::RowEngine(DensityNet& net, at::ScalarType type, const ActivationRanges* ranges,
                     const Normalisation* picture) {
  FeatureRecording recording;
  meta_ = net.maps(recording.image());
  graph_ = recording.graph();
  visit_maps(meta_, [&](const at::Tensor& map) { outputs_.push_back(recording.node_of(map)); });
  names_ = node_names(graph_, net);
  const std::vector<int> readers = readers_of_image(graph_);
  const bool bytes =
      ranges != nullptr && picture != nullptr && !readers.empty() && std::ranges::all_of(readers, [&](int node) {
        return suits_picture_bytes(*graph_.nodes[static_cast<std::size_t>(node)].block, *picture);
      });
  edges_ = ranges != nullptr ? int8_edges(graph_, outputs_, names_, *ranges, type, bytes)
                             : float_edges(graph_, outputs_, type);
  for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
    const FeatureNode& what = graph_.nodes[node];
    if (what.kind == Kind::image) {
      layers_.push_back(nullptr);
    } else if (what.kind == Kind::convolution) {
      const Edge& input = edges_[static_cast<std::size_t>(what.inputs.front())];
      const Edge& residual = what.inputs.size() > 1 ? edges_[static_cast<std::size_t>(what.inputs[1])] : input;
      const bool of_picture = bytes && what.inputs.front() == 0;
      layers_.push_back(make_convolution(*what.block, {.input = input.type,
                                                       .output = edges_[node].type,
                                                       .residual = residual.type,
                                                       .input_scale = input.scale,
                                                       .picture = of_picture ? picture : nullptr}));
    } else {
      layers_.push_back(make_row_layer(what));
    }
  }
}

NetworkMaps RowEngine::run(GridSize image, const ImageRows& rows, const RowBudget& budget, Profile* profile) const {
  const RowPlan& plan = plan_for(image, budget);
  Bands bands(plan, graph_, edges_);
  std::vector<double> seconds(graph_.nodes.size());
  std::vector<MapRows> inputs;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const RowStep& step = plan.steps[i];
    const auto node = static_cast<std::size_t>(step.node);
    const auto begin = std::chrono::steady_clock::now();
    const MapRows output = bands.append(step);
    const std::vector<int>& from = graph_.nodes[node].inputs;
    inputs.clear();
    for (std::size_t k = 0; k < from.size(); ++k) {
      const RowRange needed = rows_needed(graph_, plan.sizes, step.node, k, {step.first, step.first + step.count});
      inputs.push_back(bands.rows(from[k], needed));
    }
    if (layers_[node] == nullptr) {
      rows(output);
    } else {
      layers_[node]->run(inputs, output);
    }
    if (watch_ && is_activation(graph_.nodes[node])) watch_(names_[node], output.values);
    bands.end(i);
    seconds[node] += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  if (profile != nullptr) {
    for (std::size_t node = 0; node < seconds.size(); ++node) {
      const GridSize size = plan.sizes[node];
      profile->push_back({names_[node], layers_[node] ? layers_[node]->kernel() : "",
                          static_cast<int>(graph_.nodes[node].channels), size.height, size.width, seconds[node],
                          gflop_of(graph_.nodes[node], size)});
    }
  }
  NetworkMaps maps = meta_;
  std::size_t next = 0;
  visit_maps(maps, [&](at::Tensor& map) { map = as_type(bands.whole(outputs_[next++]), at::kFloat); });
  return maps;
}

const RowPlan& RowEngine::plan_for(GridSize image, const RowBudget& budget) const {
  if (image != planned_for_ || budget.pixels != planned_pixels_) {
    plan_ = plan_rows(graph_, outputs_, image, budget);
    planned_for_ = image;
    planned_pixels_ = budget.pixels;
  }
  return plan_;
}

std::int64_t RowEngine::peak_memory(GridSize image, const RowBudget& budget) const {
  const RowPlan& plan = plan_for(image, budget);
  std::vector<std::int64_t> bytes;
  for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
    bytes.push_back(Band::bytes(band_shape(plan, graph_, edges_, node)));
  std::int64_t largest_result = 0, packed = 0;
  for (const RowStep& step : plan.steps) {
    const auto node = static_cast<std::size_t>(step.node);
    const std::int64_t values = graph_.nodes[node].channels * step.count * plan.sizes[node].width;
    largest_result = std::max(largest_result, values * static_cast<std::int64_t>(sizeof(float)));
  }
  for (const auto& layer : layers_) packed += layer ? layer->packed_bytes() : 0;
  std::int64_t converted = 0;
  for (const int output : outputs_) {
    const auto node = static_cast<std::size_t>(output);
    if (edges_[node].type != at::kFloat) converted += map_values(node, plan.sizes[node]) * 4;
  }
  return peak_bytes(plan, bytes) + largest_result + packed + converted;
}

std::int64_t RowEngine::map_values(std::size_t node, GridSize size) const {
  return graph_.nodes[node].channels * size.height * size.width;
}

std::int64_t RowEngine::output_memory(GridSize image) const {
  const std::vector<GridSize> sizes = grid_sizes(graph_, image);
  std::int64_t bytes = 0;
  for (const int output : outputs_) {
    const auto node = static_cast<std::size_t>(output);
    bytes += map_values(node, sizes[node]) * static_cast<std::int64_t>(at::elementSize(edges_[node].type));
  }
  return bytes;
}

NetworkMaps RowEngine::empty_maps(GridSize image) const {
  const std::vector<GridSize> sizes = grid_sizes(graph_, image);
  NetworkMaps maps = meta_;
  std::size_t next = 0;
  visit_maps(maps, [&](at::Tensor& map) {
    const auto node = static_cast<std::size_t>(outputs_[next++]);
    map = at::zeros({1, graph_.nodes[node].channels, sizes[node].height, sizes[node].width});
  });
  return maps;
}

std::string RowEngine::kernels() const {
  std::map<std::string, int> counts;
  for (const auto& layer : layers_) {
    if (layer && !layer->kernel().empty()) ++counts[layer->kernel()];
  }
  std::vector<std::string> words;
  for (const auto& [kernel, count] : counts) words.push_back(text(kernel, " (", count, ")"));
  return join(words, ", ");
}

bool RowEngine::computes(const ConvBlock& block) const {
  return std::ranges::any_of(graph_.nodes, [&](const FeatureNode& node) { return node.block == &block; });
}

}  // namespace throng
