#include "infer/cuda_graph.h"

#include <ATen/cuda/CUDAGraph.h>

#include "infer/recorded_graph.h"

namespace throng {

std::unique_ptr<DeviceGraph> make_cuda_graph(const at::Device& device) {
  // Other threads may go on using the device: each counter has one of its own.
  return std::make_unique<RecordedGraph<at::cuda::CUDAGraph, cudaStreamCaptureModeThreadLocal>>(device);
}

}  // namespace throng
