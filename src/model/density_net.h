#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/config.h"
#include "model/conv_block.h"
#include "model/decoder.h"
#include "model/encoder.h"
#include "model/gates/gate.h"
#include "model/hierarchy.h"
#include "model/prediction.h"
#include "model/resize.h"

namespace throng {

/// The paper's network: encoder, decoder, K density heads, one gate a level, attention, hierarchy (Figure 2).
class DensityNet {
 public:
  /// Zero weights; see initialise() and load_model(). Throws Error(usage) for a config that makes no network.
  explicit DensityNet(const ModelConfig& config);
  DensityNet(DensityNet&&) noexcept = default;
  DensityNet& operator=(DensityNet&&) noexcept = default;

  /// image [B, 3, H, W], normalised, sides of at least 16.
  Prediction forward(const at::Tensor& image) const;

  /// Visits every block with its full name; the order is fixed.
  void visit(const BlockVisitor& visit);
  /// All tensors by name, trained ones and running statistics.
  std::vector<NamedTensor> tensors();

  void to(const at::Device& device);
  void train(bool on, bool freeze_encoder_norm = false);

  const ModelConfig& config() const { return config_; }
  const Hierarchy& hierarchy() const { return hierarchy_; }

 private:
  ModelConfig config_;
  std::unique_ptr<Encoder> encoder_;
  Decoder decoder_;
  std::vector<std::vector<ConvBlock>> heads_;
  Hierarchy hierarchy_;
  std::vector<ConvBlock> attention_;  // empty when no gate uses it
  std::vector<std::optional<Gate>> gates_;
};

/// channels x width, at least 1.
std::int64_t scaled_channels(std::int64_t channels, double width);

/// Fills every trained tensor from (seed, its name), so that adding a part leaves the others as they were.
void initialise(DensityNet& net, std::uint64_t seed);

}  // namespace throng
