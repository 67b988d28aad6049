#include "model/widen.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/draw.h"
#include "core/text.h"
#include "model/config_difference.h"
#include "model/limits.h"
#include "model/recording.h"
#include "throng/error.h"

namespace throng {

namespace {

// Which channel of the narrow layer each channel of the wide one repeats.
using Origins = std::vector<std::int64_t>;

struct NamedBlock {
  std::string name;
  ConvBlock* block;
};

std::map<const ConvBlock*, NamedBlock> blocks_of(DensityNet& net) {
  std::map<const ConvBlock*, NamedBlock> blocks;
  net.visit([&](const std::string& name, ConvBlock& block) { blocks[&block] = {name, &block}; });
  return blocks;
}

FeatureGraph layers_of(const DensityNet& net) {
  const FeatureRecording recording;
  net.maps(recording.image());
  return recording.graph();
}

Error unlike(const std::string& where) {
  return {ErrorKind::usage, text("a model is widened to the same layers with as many channels or more, and ", where)};
}

Error different_layers() {
  return unlike(
      "these two have different layers: the lists of channels in model.decoder, model.attention and the trunks of "
      "model.gates need as many entries as the smaller model's");
}

// Their convolutions are compared one by one besides; but how maps are mixed and resized is in none of them.
std::optional<ConfigDifference> difference_besides_channels(const ModelConfig& narrow, const ModelConfig& wide) {
  ModelConfig widened = narrow;
  widened.width = wide.width;
  widened.decoder = wide.decoder;
  widened.attention = wide.attention;
  const std::size_t gates = std::min(narrow.gates.size(), wide.gates.size());
  for (std::size_t i = 0; i < gates; ++i) widened.gates[i].trunk = wide.gates[i].trunk;
  return network_difference(std::move(widened), wide);
}

Origins repeated(std::int64_t narrow, std::int64_t wide) {
  Origins origins;
  for (std::int64_t channel = 0; channel < wide; ++channel) origins.push_back(channel % narrow);
  return origins;
}

at::Tensor chosen(const at::Tensor& of, std::int64_t dimension, const Origins& origins) {
  return at::index_select(of, dimension, at::tensor(origins, at::kLong));
}

// [out, in]: how much of a weight each copy of an input channel takes; copies of one channel add up to 1.
at::Tensor shares(std::int64_t out, const Origins& origins, std::int64_t channels, const Draw& draw) {
  const auto in = static_cast<std::int64_t>(origins.size());
  at::Tensor raw = at::empty({out, in}, at::kFloat);
  float* values = raw.data_ptr<float>();
  for (std::int64_t i = 0; i < raw.numel(); ++i) values[i] = static_cast<float>(draw.uniform(i, 0.5, 1.5));
  at::Tensor sums = at::zeros({out, channels}, at::kFloat);
  sums.index_add_(1, at::tensor(origins, at::kLong), raw);
  return raw / chosen(sums, 1, origins);
}

void widen_block(const ConvBlock& narrow, ConvBlock& wide, const Origins& in, const Origins& out, const Draw& draw) {
  const at::Tensor part = shares(wide.spec().out, in, narrow.spec().in, draw).view({wide.spec().out, -1, 1, 1});
  wide.weight.copy_(chosen(chosen(narrow.weight, 0, out), 1, in) * part);
  if (wide.bias.defined()) wide.bias.copy_(chosen(narrow.bias, 0, out));
  if (!wide.norm) return;
  wide.norm->weight.copy_(chosen(narrow.norm->weight, 0, out));
  wide.norm->bias.copy_(chosen(narrow.norm->bias, 0, out));
  wide.norm->running_mean.copy_(chosen(narrow.norm->running_mean, 0, out));
  wide.norm->running_var.copy_(chosen(narrow.norm->running_var, 0, out));
}

// Why one convolution cannot be widened to the other, or "".
std::string unlikeness(const ConvSpec& narrow, const ConvSpec& wide) {
  if (narrow.in > wide.in || narrow.out > wide.out) {
    return text(" has fewer channels (", wide.in, " to ", wide.out, " instead of ", narrow.in, " to ", narrow.out, ")");
  }
  const bool alike = narrow.kernel == wide.kernel && narrow.stride == wide.stride && narrow.dilation == wide.dilation &&
                     narrow.padding == wide.padding && narrow.bias == wide.bias && narrow.norm == wide.norm &&
                     narrow.activation == wide.activation && narrow.norm_eps == wide.norm_eps;
  return alike ? "" : text(" is another convolution (kernel ", wide.kernel, " instead of ", narrow.kernel, ")");
}

Origins concatenated(const std::vector<int>& inputs, const std::vector<Origins>& origins, const FeatureGraph& narrow) {
  Origins all;
  std::int64_t before = 0;
  for (const int input : inputs) {
    for (const std::int64_t origin : origins[input]) all.push_back(before + origin);
    before += narrow.nodes[input].channels;
  }
  return all;
}

}  // namespace

void widen(const DensityNet& narrow, DensityNet& wide, std::uint64_t seed) {
  const at::NoGradGuard no_gradients;
  if (const auto found = difference_besides_channels(narrow.config(), wide.config())) {
    throw unlike(text(found->key, " is ", found->one, " in the smaller model and ", found->other,
                      " in the configuration to widen it to: make it the same there"));
  }
  const FeatureGraph from = layers_of(narrow), to = layers_of(wide);
  std::map<const ConvBlock*, NamedBlock> blocks = blocks_of(wide);
  if (from.nodes.size() != to.nodes.size()) throw different_layers();

  std::vector<Origins> origins;
  for (std::size_t i = 0; i < to.nodes.size(); ++i) {
    const FeatureNode &before = from.nodes[i], &node = to.nodes[i];
    if (before.kind != node.kind || before.inputs != node.inputs) throw different_layers();
    switch (node.kind) {
      case FeatureNode::Kind::image:
        origins.push_back(repeated(before.channels, node.channels));
        break;
      case FeatureNode::Kind::convolution: {
        const NamedBlock& block = blocks.at(node.block);
        const ConvSpec &thin = before.block->spec(), &thick = block.block->spec();
        if (const std::string why = unlikeness(thin, thick); !why.empty()) throw unlike(text(block.name, why));
        Origins out = repeated(thin.out, thick.out);
        if (node.inputs.size() > 1 && origins[node.inputs[1]] != out)
          throw unlike(text(block.name, " adds what has other channels"));
        widen_block(*before.block, *block.block, origins[node.inputs[0]], out, Draw(seed, block.name));
        origins.push_back(std::move(out));
        blocks.erase(node.block);
        break;
      }
      case FeatureNode::Kind::concat:
        origins.push_back(concatenated(node.inputs, origins, from));
        break;
      case FeatureNode::Kind::pool:
      case FeatureNode::Kind::resize:
      case FeatureNode::Kind::sigmoid:
      case FeatureNode::Kind::product:
        origins.push_back(origins[node.inputs[0]]);
        break;
    }
  }
  if (!blocks.empty())
    throw unlike(text(blocks.begin()->second.name, " works on mixed features, which cannot be widened"));
}

LoadedModel widened(const SourceModel& narrow, const ModelConfig& config, const std::string& name, std::uint64_t seed) {
  check_limits(config);
  LoadedModel wide{DensityNet(config), narrow.loaded.card};
  widen(narrow.loaded.net, wide.net, seed);
  wide.card.name = name;
  wide.card.model = config;
  wide.card.provenance = {{"widened", described(narrow)}, {"widening_seed", seed}};
  wide.card.forget_measurements();
  return wide;
}

}  // namespace throng
