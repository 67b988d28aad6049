#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "throng/image.h"

namespace throng {

/// How much one forward pass of several pictures takes at most.
struct BatchLimits {
  std::size_t pictures = 8;
  std::int64_t pixels = std::int64_t{8} << 20;  ///< of all together; a larger picture is a batch alone
};

/// Puts pictures into batches of one size each: indices, in their order, batches by their first picture.
std::vector<std::vector<std::size_t>> equal_size_batches(std::span<const Image> images, const BatchLimits& limits = {});

}  // namespace throng
