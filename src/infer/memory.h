#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

#include "model/density_net.h"

namespace throng {

/// The most bytes of CPU memory that tensors hold at once while `work` runs in this thread, beyond those held before.
std::int64_t peak_allocation(const std::function<void()>& work);

/// What counting an image takes besides the network as it was loaded and the image itself.
struct MemoryEstimate {
  double bytes_per_pixel = 0;       ///< activations that live at the same time
  std::int64_t packed_weights = 0;  ///< bytes; oneDNN lays them out anew for each size of image

  /// For an image of that size, in bytes.
  std::int64_t bytes(int width, int height) const;
};

/// Walks a forward pass whose convolutions only allocate their results, of `type`: every activation grows with the
/// image's area, and so does the peak of those that live at the same time. Leaves such kernels behind: give the net
/// real ones.
MemoryEstimate estimate_memory(DensityNet& net, at::ScalarType type);

}  // namespace throng
