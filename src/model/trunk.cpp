#include "model/trunk.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

void check_layer(const std::vector<std::int64_t>& layer, const std::string& key) {
  if (layer.size() == 2 && layer[0] >= 1 && layer[0] % 2 == 1 && layer[1] >= 1) return;
  throw Error(ErrorKind::usage, text(key, ": each layer is [kernel, channels] with an odd kernel, like [3, 256]"));
}

}  // namespace

std::int64_t scaled_channels(std::int64_t channels, double width) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(channels) * width));
}

Trunk::Trunk(const TrunkLayers& layers, const std::string& block, std::int64_t in, std::int64_t out, double width,
             Activation last, const std::string& key) {
  for (const auto& layer : layers) {
    check_layer(layer, key);
    std::int64_t channels = scaled_channels(layer[1], width);
    if (block == "residual") {
      layers_.emplace_back(make_residual_unit(in, channels, layer[0]));
    } else if (block == "multi_scale") {
      channels = std::max<std::int64_t>(channels, 4);  // one for each branch
      layers_.emplace_back(make_multi_scale_unit(in, channels));
    } else {
      layers_.emplace_back(ConvBlock(ConvSpec{.in = in, .out = channels, .kernel = layer[0]}));
    }
    in = channels;
  }
  layers_.emplace_back(ConvBlock(ConvSpec{.in = in, .out = out, .kernel = 1, .activation = last}));
}

at::Tensor Trunk::forward(at::Tensor x) const {
  for (const auto& layer : layers_) {
    x = std::visit([&](const auto& unit) { return unit.forward(x); }, layer);
  }
  return x;
}

void Trunk::visit(const std::string& name, const BlockVisitor& visit) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const std::string place = name + "." + std::to_string(i);
    if (auto* block = std::get_if<ConvBlock>(&layers_[i])) visit(place, *block);
    if (auto* unit = std::get_if<ResidualUnit>(&layers_[i])) unit->visit(place, visit);
    if (auto* unit = std::get_if<MultiScaleUnit>(&layers_[i])) unit->visit(place, visit);
  }
}

}  // namespace throng
