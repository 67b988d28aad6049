#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "data/loader.h"
#include "infer/device_input.h"
#include "loss/target.h"
#include "model/model_file.h"

namespace throng {

/// What every batch of a size has in tensors of the same sizes.
struct BatchTensors {
  at::Tensor rgb = {};      ///< [B, S, S, 3] bytes
  at::Tensor valid = {};    ///< [B, 2] rows and columns of each crop that are picture
  at::Tensor density = {};  ///< [B, S/4, S/4], and the next two; see Batch
  at::Tensor density_squared = {};
  at::Tensor foreground = {};
  at::Tensor half_density = {};  ///< [B, S/2, S/2], and the next; or undefined
  at::Tensor half_density_squared = {};

  /// All of them, and from all of them.
  std::vector<at::Tensor> list() const;
  static BatchTensors from(const std::vector<at::Tensor>& list);
};

/// On the host. They are views of the batch, which must outlive them.
BatchTensors batch_tensors(const Batch& batch);

/// [B, 3, S, S] normalised, channels-last, where the tensors lie; what lies beyond a picture's valid part is zero.
at::Tensor batch_images(const BatchTensors& tensors, const ByteNormaliser& normaliser);
at::Tensor batch_images(const Batch& batch, const Normalisation& normalisation, const at::Device& device);

/// The truth of a batch, maps scaled like the network's output, where the tensors lie; without points and draws.
Target batch_target(const BatchTensors& tensors, double density_scale);
/// With them. Random choices of the loss are drawn from (seed, epoch, visit).
Target batch_target(const Batch& batch, double density_scale, std::uint64_t seed, const at::Device& device);

}  // namespace throng
