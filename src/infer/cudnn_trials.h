#pragma once

#include <ATen/Context.h>

namespace throng {

/// While it lives, cuDNN tries its algorithms on sizes that are new to the thread, where `on`: worth it for sizes that
/// come often. What it once chose for a size it keeps, for each thread.
class CudnnTrials {
 public:
  explicit CudnnTrials(bool on) : before_(at::globalContext().benchmarkCuDNN()) {
    at::globalContext().setBenchmarkCuDNN(on);
  }
  CudnnTrials(const CudnnTrials&) = delete;
  CudnnTrials& operator=(const CudnnTrials&) = delete;
  ~CudnnTrials() { at::globalContext().setBenchmarkCuDNN(before_); }

 private:
  bool before_;
};

}  // namespace throng
