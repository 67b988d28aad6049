#pragma once

#include <cstdint>
#include <string>

#include "model/density_net.h"
#include "weights/tensor_file.h"

namespace throng {

/// A pretrained encoder, under our names.
struct EncoderWeights {
  TensorFile file;
  std::string path;
  bool partial = false;  ///< holds an encoder's first convolutions only
};

/// Whether read_encoder_weights would find a file for this name.
bool has_encoder_weights(const std::string& name);

/// Finds config.encoder_weights (a path, or a name in the folder THRONG_WEIGHTS), reads it with our names, and sets the
/// parts of the config that the file decides (normalisation folded or not, its epsilon, where strides sit).
/// Throws Error(usage) that says where to put the file when it is not there.
EncoderWeights read_encoder_weights(ModelConfig& config);

/// Gives `to` the parts of `from` that read_encoder_weights takes from the file.
void take_weight_traits(const ModelConfig& from, ModelConfig& to);

struct EncoderShare {
  std::int64_t copied = 0;  ///< convolutions of the encoder whose weights came from the file
  std::int64_t all = 0;
};

/// Copies the weights into the net's encoder. A partial file leaves the other convolutions as they are.
/// Throws Error(model) as copy_tensors does.
EncoderShare copy_encoder_weights(const EncoderWeights& weights, DensityNet& net);

}  // namespace throng
