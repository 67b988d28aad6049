#pragma once

#include <cmath>
#include <cstdint>

#include "core/draw.h"
#include "image/draw.h"

namespace throng {

/// A picture with coarse and fine structure that depends on the seed: blobs on a gradient.
inline Image scene_picture(std::uint64_t seed, int width = 320, int height = 240) {
  const Draw draw(seed, "scene_picture");
  Image image = filled_image(width, height, {});
  for (int y = 0; y < height; ++y) {
    fill_rectangle(image, 0, y, width, 1, {static_cast<std::uint8_t>(200 - 120 * y / height), 120, 100});
  }
  for (std::uint64_t i = 0; i < 150; ++i) {
    const auto grey = static_cast<std::uint8_t>(draw.integer(4 * i, 256));
    draw_dot(image, draw.uniform(4 * i + 1) * width, draw.uniform(4 * i + 2) * height,
             (0.01 + 0.05 * draw.uniform(4 * i + 3)) * width, {grey, grey, grey});
  }
  return image;
}

}  // namespace throng
