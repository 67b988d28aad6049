#pragma once

#include <array>
#include <memory>

#include "model/config.h"
#include "model/conv_block.h"

namespace throng {

/// What an encoder hands on: the paper's EB1, EB2, EB3.
struct EncoderTaps {
  at::Tensor quarter;    ///< [B, C1, about H/4, W/4]
  at::Tensor eighth;     ///< [B, C2, about H/8, W/8]
  at::Tensor sixteenth;  ///< [B, C3, about H/16, W/16], the paper's F; undefined where the encoder ends before it
};

/// Where an encoder ends: a network that does not look at 1/16 has no parameters there.
enum class EncoderEnd { eighth, sixteenth };

class Encoder {
 public:
  virtual ~Encoder() = default;
  /// image [B, 3, H, W], normalised.
  virtual EncoderTaps forward(const at::Tensor& image) const = 0;
  /// C1, C2, C3.
  virtual std::array<std::int64_t, 3> channels() const = 0;
  /// Visits the blocks, names without the leading "encoder.".
  virtual void visit(const BlockVisitor& visit) = 0;
};

/// Makes the encoder that config.encoder names, with zero weights. Throws Error(usage) that lists the names.
std::unique_ptr<Encoder> make_encoder(const ModelConfig& config, EncoderEnd end = EncoderEnd::sixteenth);

std::unique_ptr<Encoder> make_vgg16_bn(const ModelConfig& config, EncoderEnd end);
std::unique_ptr<Encoder> make_vgg16(const ModelConfig& config, EncoderEnd end);
std::unique_ptr<Encoder> make_vgg19(const ModelConfig& config, EncoderEnd end);
std::unique_ptr<Encoder> make_resnet18(const ModelConfig& config, EncoderEnd end);
std::unique_ptr<Encoder> make_resnet50(const ModelConfig& config, EncoderEnd end);

}  // namespace throng
