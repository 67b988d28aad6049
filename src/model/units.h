#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/conv_block.h"

// Small arrangements of convolutions that networks share.
namespace throng {

/// A chain of convolutions, the last of which adds the shortcut before its ReLU.
struct ResidualUnit {
  std::vector<ConvBlock> convs;
  std::vector<ConvBlock> shortcut;  ///< one 1x1 convolution where the channels change; empty: the input itself

  at::Tensor forward(const at::Tensor& input) const;
  /// NAME.conv1, NAME.conv2, ..., NAME.downsample
  void visit(const std::string& name, const BlockVisitor& visit);
};

/// Two kernel x kernel convolutions around which the input is led: the "ResBlock" of Tables V and VII.
ResidualUnit make_residual_unit(std::int64_t in, std::int64_t out, std::int64_t kernel);

/// Parallel convolutions 1, 3, 5 and 7 pixels wide, concatenated; all but the first behind a 1x1 that halves the
/// channels: the scale aggregation module of SANet, the "MSBlock" of Tables V and VII.
struct MultiScaleUnit {
  std::vector<ConvBlock> reductions;  ///< of the branches 3, 5, 7
  std::vector<ConvBlock> branches;    ///< 1, 3, 5, 7

  at::Tensor forward(const at::Tensor& input) const;
  /// NAME.branch1, NAME.reduce3, NAME.branch3, ...
  void visit(const std::string& name, const BlockVisitor& visit);
};

/// `out` channels in all, at least one a branch.
MultiScaleUnit make_multi_scale_unit(std::int64_t in, std::int64_t out);

}  // namespace throng
