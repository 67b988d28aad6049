#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "infer/device_graph.h"

namespace throng {

/// What has been done with graphs.
struct GraphCalls {
  int captures = 0;
  int replays = 0;
  int alive = 0;
};

/// A graph of a CPU: nothing is computed while it is captured, and what was captured is called again to replay it.
class CallingGraph final : public DeviceGraph {
 public:
  explicit CallingGraph(GraphCalls& calls) : calls_(calls) { ++calls_.alive; }
  CallingGraph(const CallingGraph&) = delete;
  CallingGraph& operator=(const CallingGraph&) = delete;
  ~CallingGraph() override { --calls_.alive; }

  void capture(const std::function<void()>& work) override {
    ++calls_.captures;
    work_ = work;
  }
  void replay() override {
    ++calls_.replays;
    work_();
  }

 private:
  GraphCalls& calls_;
  std::function<void()> work_;
};

/// `calls` must outlive the graphs.
inline GraphSupport calling_graphs(GraphCalls& calls) {
  return {.make = [&calls] { return std::make_unique<CallingGraph>(calls); }};
}

}  // namespace throng
