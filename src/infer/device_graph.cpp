#include "infer/device_graph.h"

#include <c10/core/DeviceType.h>

#include "core/text.h"
#include "infer/cuda_graph.h"

// PyTorch 2.13 has graphs without a vendor's headers, for devices that register theirs. CUDA does not in 2.13 and 2.14.
#if __has_include(<ATen/accelerator/Graph.h>)
#include <ATen/accelerator/Graph.h>

#include "infer/recorded_graph.h"
#define THRONG_ACCELERATOR_GRAPHS
#endif

namespace throng {

GraphSupport graph_support(const at::Device& device) {
  if (device.is_cpu()) return {.why_not = "a CPU has none"};
#ifdef THRONG_ACCELERATOR_GRAPHS
  if (at::has_graph_impl(device.type())) {
    using Graph = RecordedGraph<at::accelerator::Graph, at::GraphCaptureMode::ThreadLocal>;
    return {.make = [device] { return std::make_unique<Graph>(device); }};
  }
#endif
  if (!device.is_cuda())
    return {.why_not = text("this PyTorch has none for ", c10::DeviceTypeName(device.type(), /*lower_case=*/true))};
#ifdef THRONG_CUDA_GRAPHS
  return {.make = [device] { return make_cuda_graph(device); }};
#else
  return {.why_not = "Throng was built without the headers of CUDA's runtime, or with a PyTorch for CPUs"};
#endif
}

}  // namespace throng
