#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/config.h"
#include "model/conv_block.h"
#include "model/units.h"

namespace throng {

/// A small net of a few layers, each keeping the size: gates, attention and density heads are trunks.
class Trunk {
 public:
  Trunk() = default;
  /// `layers` of [kernel, channels], each made of `block` (kTrunkBlocks), channels scaled by `width`; then a 1x1
  /// convolution to `out` channels with `last` behind it. Throws Error(usage) naming `key` for layers that make no net.
  Trunk(const TrunkLayers& layers, const std::string& block, std::int64_t in, std::int64_t out, double width,
        Activation last, const std::string& key);

  bool empty() const { return layers_.empty(); }
  /// [B, in, h, w] -> [B, out, h, w].
  at::Tensor forward(at::Tensor x) const;
  /// NAME.0, NAME.1, ...
  void visit(const std::string& name, const BlockVisitor& visit);

 private:
  std::vector<std::variant<ConvBlock, ResidualUnit, MultiScaleUnit>> layers_;
};

/// channels x width, at least 1.
std::int64_t scaled_channels(std::int64_t channels, double width);

}  // namespace throng
