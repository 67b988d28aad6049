#pragma once

#include <cstddef>

namespace throng::winograd {

/// Memory that grows to what was asked for last at most, aligned to cache lines (large ones to huge pages).
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  /// At least `count` floats; what was in them before is lost. Throws std::bad_alloc.
  float* floats(std::size_t count);

 private:
  float* data_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace throng::winograd
