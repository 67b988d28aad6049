#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "infer/band.h"
#include "model/conv_block.h"
#include "model/model_file.h"
#include "model/recording.h"

namespace throng {

/// Computes rows of one node of a network's graph.
class Layer {
 public:
  virtual ~Layer() = default;
  /// Fills `output`; `inputs` hold the rows that it needs (rows_needed). A convolution's first input holds exactly
  /// these.
  virtual void run(std::span<const MapRows> inputs, const MapRows& output) const = 0;
  /// Bytes that its weights take once more when they are laid out for some sizes of input.
  virtual std::int64_t packed_bytes() const { return 0; }
  /// By what it is computed: "oneDNN", "Winograd F(4x4)".
  virtual std::string kernel() const { return ""; }
};

/// What a convolution reads and writes.
struct EdgeTypes {
  at::ScalarType input = at::kFloat;
  at::ScalarType output = at::kFloat;
  at::ScalarType residual = at::kFloat;    ///< that of the input where there is none
  float input_scale = 1;                   ///< of u8
  const Normalisation* picture = nullptr;  ///< where the input is a picture's own bytes: what they stand for
};

/// Pooling, concatenation, resizing, sigmoid, product. Throws std::logic_error for another kind.
std::unique_ptr<Layer> make_row_layer(const FeatureNode& node);

/// The fastest convolution of a folded block for these types that this machine has.
std::unique_ptr<Layer> make_convolution(const ConvBlock& block, const EdgeTypes& types);

}  // namespace throng
