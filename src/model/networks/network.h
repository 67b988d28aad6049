#pragma once

#include <memory>

#include "model/config.h"
#include "model/conv_block.h"
#include "model/hierarchy.h"
#include "model/prediction.h"

namespace throng {

/// What DensityNet runs: one of the networks that model.network names.
class Network {
 public:
  virtual ~Network() = default;
  /// image [B, 3, H, W], normalised, sides of at least 16.
  virtual Prediction forward(const at::Tensor& image) const = 0;
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
