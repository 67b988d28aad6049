#pragma once

namespace throng {

/// Rows and columns of a feature map.
struct GridSize {
  int height = 0;
  int width = 0;

  bool operator==(const GridSize&) const = default;
};

}  // namespace throng
