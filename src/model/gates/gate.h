#pragma once

#include <string>
#include <vector>

#include "model/config.h"
#include "model/conv_block.h"

namespace throng {

/// A gating net: a trunk of convolutions and a last 1x1 to one logit per member of each group, ReLU behind every one
/// (the last included, as the paper has it).
class Gate {
 public:
  Gate(const GateConfig& config, std::int64_t in, std::int64_t logits, double width);

  /// feature [B, C, h, w] -> logits [B, L, h, w].
  at::Tensor forward(const at::Tensor& feature) const { return run_chain(chain_, feature); }
  void visit(const std::string& name, const BlockVisitor& visit) { visit_chain(chain_, name, visit); }

 private:
  std::vector<ConvBlock> chain_;
};

/// The convolutions of a [kernel, channels] list, then a 1x1 to `out` channels with `last` behind it.
std::vector<ConvBlock> make_trunk(const Trunk& trunk, std::int64_t in, std::int64_t out, double width, Activation last,
                                  const std::string& key);

}  // namespace throng
