#pragma once

#include <array>

#include "model/config.h"
#include "model/encoder.h"
#include "model/resize.h"

namespace throng {

/// What the decoder gives: the paper's DB1 (1/4), DB2 (1/8), DB3 (1/16).
struct DecoderTaps {
  at::Tensor quarter;
  at::Tensor eighth;
  at::Tensor sixteenth;
};

/// Three blocks of two 3x3 convolutions, coarse to fine, with skips from the encoder in front of blocks 2 and 1.
class Decoder {
 public:
  Decoder(const ModelConfig& config, std::array<std::int64_t, 3> encoder_channels);

  DecoderTaps forward(const EncoderTaps& taps) const;
  /// Channels at 1/4, 1/8, 1/16.
  std::array<std::int64_t, 3> channels() const { return channels_; }
  void visit(const BlockVisitor& visit);

 private:
  ResizeMode resize_;
  std::array<std::int64_t, 3> channels_{};
  std::vector<ConvBlock> block3_, block2_, block1_;
};

}  // namespace throng
