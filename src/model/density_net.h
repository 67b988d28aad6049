#pragma once

#include <memory>
#include <vector>

#include "model/config.h"
#include "model/conv_block.h"
#include "model/hierarchy.h"
#include "model/networks/network.h"
#include "model/prediction.h"

namespace throng {

/// A network that predicts density maps, whichever model.network names; it owns the parameters.
class DensityNet {
 public:
  /// Zero weights; see initialise() and load_model(). Throws Error(usage) for a config that makes no network.
  explicit DensityNet(const ModelConfig& config);
  DensityNet(DensityNet&&) noexcept = default;
  DensityNet& operator=(DensityNet&&) noexcept = default;

  /// image [B, 3, H, W], normalised, sides of at least 16.
  Prediction forward(const at::Tensor& image) const { return mix(maps(image)); }
  /// The two parts of forward(); see Network.
  NetworkMaps maps(const at::Tensor& image) const { return network_->maps(image); }
  Prediction mix(const NetworkMaps& maps) const { return network_->mix(maps); }

  /// Visits every block with its full name; the order is fixed.
  void visit(const BlockVisitor& visit) { network_->visit(visit); }
  /// All tensors by name, trained ones and running statistics.
  std::vector<NamedTensor> tensors();
  /// How many numbers are trained.
  std::int64_t parameters();

  void to(const at::Device& device);
  void train(bool on, bool freeze_encoder_norm = false);

  const ModelConfig& config() const { return config_; }
  const Hierarchy& hierarchy() const { return network_->hierarchy(); }

 private:
  ModelConfig config_;
  std::unique_ptr<Network> network_;
};

/// Whether a block is the last of a density head: what it gives is people, not features.
bool gives_density(const std::string& name, const ConvBlock& block);

/// Fills every trained tensor from (seed, its name), so that adding a part leaves the others as they were.
void initialise(DensityNet& net, std::uint64_t seed);

}  // namespace throng
