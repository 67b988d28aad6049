#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config.h"

namespace throng {

/// The layers of a small convolutional net: [kernel, channels] each, every one followed by ReLU.
using TrunkLayers = std::vector<std::vector<std::int64_t>>;

/// What the layers of a trunk can be made of (model/trunk.h).
inline const Choices kTrunkBlocks = {"conv", "residual", "multi_scale"};

/// How one level of the hierarchy is mixed.
struct GateConfig {
  std::string input = "EB3";
  bool attention = false;
  TrunkLayers trunk = {{3, 256}};
  std::string block = "conv";
  std::string weighting = "pixel";

  template <class Visitor>
  void visit(Visitor&& field) {
    field("input", input, "feature that the gate sees: EB1, EB2, EB3 (encoder), DB5 ... DB1 (decoder)",
          Choices{"EB1", "EB2", "EB3", "DB5", "DB4", "DB3", "DB2", "DB1"});
    field("attention", attention, "multiply the feature by the attention map first (needs input EB3)");
    field("trunk", trunk, "[kernel, channels] of each convolution before the last 1x1");
    field("block", block, "what each of them is: conv, residual (two convolutions) or multi_scale (1, 3, 5, 7 wide)",
          kTrunkBlocks);
    field("weighting", weighting,
          "pixel = softmax at each pixel; hard = one member per pixel; image = softmax over pooled logits; average = "
          "equal weights, no gate net; channel = features are mixed by a softmax per channel; concat = features are "
          "concatenated",
          Choices{"pixel", "hard", "image", "average", "channel", "concat"});
  }
};

/// Output channels of the 3x3 convolutions of each decoder block: 1 at 1/4, 2 at 1/8, 3 at 1/16. With blocks 4 (1/32)
/// and 5 (1/64), which stand on the pooled last feature of the encoder, there are four or five experts: coarser ones,
/// so that all maps stay on the 1/4 grid.
struct DecoderConfig {
  std::vector<std::int64_t> block5 = {};
  std::vector<std::int64_t> block4 = {};
  std::vector<std::int64_t> block3 = {1024, 512};
  std::vector<std::int64_t> block2 = {512, 256};
  std::vector<std::int64_t> block1 = {256, 128};
  std::int64_t head = 64;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("block5", block5, "channels of the block at 1/64; empty = none (needs block4)");
    field("block4", block4, "channels of the block at 1/32, the fourth expert's; empty = none");
    field("block3", block3, "channels of the block at 1/16");
    field("block2", block2, "channels of the block at 1/8");
    field("block1", block1, "channels of the block at 1/4");
    field("head", head, "channels between the two 1x1 convolutions of a density head", at_least(1));
  }
};

/// A density network. The defaults are the paper's system with the released code's widths.
struct ModelConfig {
  std::string network = "hmode";
  std::string encoder = "vgg16_bn";
  std::string encoder_weights;
  bool encoder_norm = true;
  std::string bottleneck_stride = "3x3";
  double norm_eps = 1e-5;
  double width = 1.0;
  DecoderConfig decoder;
  std::vector<std::vector<std::vector<std::int64_t>>> levels = {{{1, 2}, {1, 3}, {2, 3}}, {{1, 2, 3}}};
  std::vector<GateConfig> gates = {
      GateConfig{},
      GateConfig{"EB3", true, {{3, 1024}, {3, 2048}, {3, 1024}, {3, 512}, {3, 256}}, "conv", "pixel"},
  };
  TrunkLayers attention = {{3, 256}, {3, 128}};
  std::string attention_block = "conv";
  bool local_head = false;
  std::string resize = "align_corners";
  std::string init = "normal";

  template <class Visitor>
  void visit(Visitor&& field) {
    field("network", network,
          "hmode = mixtures of density experts, all of the paper's own variants; csrnet and dm_count = the networks of "
          "Table X (they look at encoder alone)",
          Choices{"hmode", "csrnet", "dm_count"});
    field("encoder", encoder, "vgg16_bn, vgg16, vgg19, resnet50 or resnet18",
          Choices{"vgg16_bn", "vgg16", "vgg19", "resnet50", "resnet18"});
    field("encoder_weights", encoder_weights,
          "pretrained encoder: a file, or a name looked up in THRONG_WEIGHTS; empty = from scratch");
    field("encoder_norm", encoder_norm,
          "batch normalisation in the encoder; false for weights with it folded into the convolutions");
    field("bottleneck_stride", bottleneck_stride,
          "where a ResNet-50 stage halves the size: 3x3 (torchvision) or 1x1 (the original)", Choices{"3x3", "1x1"});
    field("norm_eps", norm_eps, "epsilon of the encoder's batch normalisation", between(0, 0.1));
    field("width", width, "scales all decoder, head, gate and attention channels", between(0.01, 8));
    field("decoder", decoder, "channels of the decoder");
    field("levels", levels,
          "the hierarchy: per level, groups of indices (from 1) into the level before; level 1 groups experts");
    field("gates", gates, "one gate per level");
    field("attention", attention, "[kernel, channels] of the attention net before its last 1x1");
    field("attention_block", attention_block, "what each of them is, as in model.gates", kTrunkBlocks);
    field("local_head", local_head, "a second head for local counts beside each density head (loss.relative_on)");
    field("resize", resize, "bilinear resizing in the decoder", Choices{"half_pixel", "align_corners"});
    field("init", init,
          "new layers: normal = N(0, 0.01) as released; kaiming = scaled to the fan-in, heads start above zero",
          Choices{"normal", "kaiming"});
  }
};

}  // namespace throng
