#pragma once

#include <ATen/core/Tensor.h>

#include "data/loader.h"
#include "loss/target.h"
#include "model/model_file.h"

namespace throng {

/// [B, S, S, 3] bytes -> [B, 3, S, S] normalised, channels-last; what lies beyond a picture's valid part is zero.
at::Tensor batch_images(const Batch& batch, const Normalisation& normalisation, const at::Device& device);

/// The truth maps of a batch, scaled like the network's output.
Target batch_target(const Batch& batch, double density_scale, const at::Device& device);

}  // namespace throng
