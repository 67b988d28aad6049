#pragma once

#include <ATen/core/Tensor.h>

#include "data/loader.h"
#include "loss/target.h"
#include "model/model_file.h"

namespace throng {

/// [B, S, S, 3] bytes -> [B, 3, S, S] normalised, channels-last; what lies beyond a picture's valid part is zero.
at::Tensor batch_images(const Batch& batch, const Normalisation& normalisation, const at::Device& device);

/// The truth of a batch, maps scaled like the network's output. Random choices of the loss are drawn from (seed, epoch,
/// visit).
Target batch_target(const Batch& batch, double density_scale, std::uint64_t seed, const at::Device& device);

}  // namespace throng
