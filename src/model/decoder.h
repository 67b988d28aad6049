#pragma once

#include <array>
#include <vector>

#include "model/config.h"
#include "model/encoder.h"
#include "model/resize.h"

namespace throng {

/// Blocks of 3x3 convolutions, coarse to fine, with skips from the encoder in front of all but the coarsest. Three of
/// them in the paper; further ones stand on the encoder's last feature, pooled.
class Decoder {
 public:
  Decoder(const ModelConfig& config, std::array<std::int64_t, 3> encoder_channels);

  /// The blocks' outputs, finest first: the paper's DB1 (1/4), DB2 (1/8), DB3 (1/16), then 1/32 and 1/64.
  std::vector<at::Tensor> forward(const EncoderTaps& taps) const;
  /// Channels of those outputs.
  std::vector<std::int64_t> channels() const;
  void visit(const BlockVisitor& visit);

 private:
  ResizeMode resize_;
  std::vector<std::vector<ConvBlock>> blocks_;  // finest first
};

}  // namespace throng
