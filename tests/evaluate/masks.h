#pragma once

#include <filesystem>

#include "image/codec.h"
#include "image/draw.h"

namespace throng {

/// A mask whose columns below `first_outside` are inside.
inline std::filesystem::path save_left_mask(const std::filesystem::path& path, int width, int height,
                                            int first_outside) {
  Image mask = filled_image(width, height, {0, 0, 0});
  fill_rectangle(mask, 0, 0, first_outside, height, {255, 255, 255});
  save_image(mask, path);
  return path;
}

}  // namespace throng
