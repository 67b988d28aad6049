#pragma once

#include <ATen/DeviceAccelerator.h>

#include <exception>

#include "infer/device_graph.h"

namespace throng {

/// A DeviceGraph made of one of PyTorch's classes for graphs. `Mode` says what the rest of the program may do
/// meanwhile.
template <class Graph, auto Mode>
class RecordedGraph final : public DeviceGraph {
 public:
  explicit RecordedGraph(const at::Device& device) : device_(device) {}
  RecordedGraph(const RecordedGraph&) = delete;
  RecordedGraph& operator=(const RecordedGraph&) = delete;

  // What is being replayed must not lose its memory.
  ~RecordedGraph() override {
    try {
      at::accelerator::synchronizeDevice(device_.index());
    } catch (const std::exception&) {  // a device that fails has told so before
    }
  }

  void capture(const std::function<void()>& work) override {
    graph_.capture_begin({0, 0}, Mode);
    try {
      work();
    } catch (...) {
      abandon();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override { graph_.replay(); }

 private:
  // Else the stream would go on recording.
  void abandon() {
    try {
      graph_.capture_end();
    } catch (const std::exception&) {  // what made `work` throw is the news
    }
  }

  at::Device device_;
  Graph graph_;
};

}  // namespace throng
