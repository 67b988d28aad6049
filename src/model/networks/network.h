#pragma once

#include <memory>
#include <vector>

#include "model/config.h"
#include "model/conv_block.h"
#include "model/hierarchy.h"
#include "model/prediction.h"

namespace throng {

/// What the convolutions of a network give, each map on the grid where it was computed.
struct NetworkMaps {
  std::vector<at::Tensor> experts;      ///< finest first: densities [B, 1, h, w], or features that a level mixes
  std::vector<at::Tensor> locals = {};  ///< [B, 1, h, w] of second heads for local counts, or none
  at::Tensor attention = {};            ///< [B, 1, h16, w16] in (0, 1), or undefined
  std::vector<at::Tensor> logits = {};  ///< of each level's gate, [B, L, h, w]; undefined without a gate
};

/// What DensityNet runs: one of the networks that model.network names.
class Network {
 public:
  virtual ~Network() = default;
  /// The local part: each value depends on the image near it. image [B, 3, H, W], normalised, sides of at least 16.
  /// Can be recorded (model/recording.h).
  virtual NetworkMaps maps(const at::Tensor& image) const = 0;
  /// What is made of them: gates' weights, groups, the final map. Light, and may look at whole maps.
  virtual Prediction mix(const NetworkMaps& maps) const = 0;
  /// Visits every block with its full name; the order is fixed.
  virtual void visit(const BlockVisitor& visit) = 0;
  /// How the outputs are mixed; one expert alone where there is nothing to mix.
  virtual const Hierarchy& hierarchy() const = 0;
};

/// Zero weights. Throws Error(usage) for a config that makes no network.
std::unique_ptr<Network> make_network(const ModelConfig& config);

std::unique_ptr<Network> make_hmode(const ModelConfig& config);
std::unique_ptr<Network> make_csrnet(const ModelConfig& config);
std::unique_ptr<Network> make_dm_count(const ModelConfig& config);

}  // namespace throng
