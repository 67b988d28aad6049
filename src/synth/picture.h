#pragma once

#include <cstddef>
#include <vector>

#include "synth/portable_math.h"

namespace throng::synth {

/// A picture in linear light, [height, width, 3]; 1 = white paper in the sun.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<float> rgb;

  Picture(int w, int h) : width(w), height(h), rgb(3 * static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float* pixel(int x, int y) { return rgb.data() + 3 * (static_cast<std::size_t>(y) * width + x); }
  const float* pixel(int x, int y) const { return rgb.data() + 3 * (static_cast<std::size_t>(y) * width + x); }
};

}  // namespace throng::synth
