#pragma once

#include <memory>

#include "infer/device_graph.h"

namespace throng {

/// A CUDA graph. Only where THRONG_CUDA_GRAPHS is defined: PyTorch's class for it wants the headers of CUDA's runtime.
std::unique_ptr<DeviceGraph> make_cuda_graph(const at::Device& device);

}  // namespace throng
