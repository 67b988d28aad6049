#pragma once

#include <string>
#include <vector>

#include "throng/counter.h"

namespace throng {

/// Where the time of a forward pass goes.
struct LayerTime {
  std::string name;    ///< "encoder.stage1.0", "pool of encoder.stage1.1", "mixing"
  std::string kernel;  ///< by what it was computed
  int channels = 0;    ///< of what it gives
  int height = 0;
  int width = 0;
  double seconds = 0;
  double gflop = 0;  ///< of a convolution as a direct sum, a multiplication and an addition being 2; else 0
};

/// In the order of computation, one entry per layer.
using Profile = std::vector<LayerTime>;

/// Counter::count, which also says where its time went: a GPU's work is one entry.
CountResult count_profiled(const Counter& counter, const Image& image, Profile& profile);

}  // namespace throng
