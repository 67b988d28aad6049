#pragma once

namespace throng {

/// While it lives, large tensors on the CPU are made in memory that stays with the process when they go: a step of the
/// training finds that of the step before, and the kernel need not clear the same gigabytes for each step. It asks for
/// huge pages.
///
/// Tensors may outlive it. When the last one of a process ends, free memory goes back to the kernel.
class StepMemory {
 public:
  StepMemory();
  StepMemory(const StepMemory&) = delete;
  StepMemory& operator=(const StepMemory&) = delete;
  ~StepMemory();
};

}  // namespace throng
