#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>

namespace throng {

/// What a device is given to do, recorded once and then given to it whole: a GPU else waits for the program that
/// starts its kernels one by one.
class DeviceGraph {
 public:
  virtual ~DeviceGraph() = default;
  /// Records what `work` gives to the current stream, which must not be the device's default one; nothing is computed.
  /// The work must neither wait for the device nor depend on numbers of the program. The tensors that it makes stay
  /// where they are, and replay() computes into them. Throws what `work` throws, and c10::Error where it cannot be
  /// recorded; then there is nothing to replay.
  virtual void capture(const std::function<void()>& work) = 0;
  /// Gives it all to the current stream.
  virtual void replay() = 0;
};

/// How graphs of a device are made, or in words why there are none.
struct GraphSupport {
  std::function<std::unique_ptr<DeviceGraph>()> make = {};  ///< empty where there are none
  std::string why_not = {};
};
GraphSupport graph_support(const at::Device& device);

}  // namespace throng
