#include "infer/equal_sizes.h"

#include <algorithm>

namespace throng {

std::vector<std::vector<std::size_t>> equal_size_batches(std::span<const Image> images, const BatchLimits& limits) {
  std::vector<std::vector<std::size_t>> batches;
  const auto has_room = [&](const std::vector<std::size_t>& batch, const Image& image) {
    const Image& first = images[batch.front()];
    const std::int64_t pixels = std::int64_t{image.width} * image.height;
    return first.width == image.width && first.height == image.height && batch.size() < limits.pictures &&
           static_cast<std::int64_t>(batch.size() + 1) * pixels <= limits.pixels;
  };
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto found = std::ranges::find_if(batches, [&](const auto& batch) { return has_room(batch, images[i]); });
    if (found != batches.end()) {
      found->push_back(i);
    } else {
      batches.push_back({i});
    }
  }
  return batches;
}

}  // namespace throng
