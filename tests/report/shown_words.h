#pragma once

#include <algorithm>
#include <string>

#include "image/draw.h"

namespace throng {

/// Whether the words stand somewhere in the picture in this size and colour.
inline bool shows(const Image& image, const std::string& words, Colour colour, int scale) {
  const int width = text_width(words, scale) - scale;
  const int height = 7 * scale;
  Image pattern = filled_image(width, height, {0, 0, 0});
  draw_text(pattern, 0, 0, words, {255, 255, 255}, scale);
  const auto matches = [&](int left, int top) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const bool inked = pattern.pixel(x, y)[0] != 0;
        const std::uint8_t* pixel = image.pixel(left + x, top + y);
        if (inked != std::equal(colour.begin(), colour.end(), pixel)) return false;
      }
    }
    return true;
  };
  for (int top = 0; top + height <= image.height; ++top) {
    for (int left = 0; left + width <= image.width; ++left) {
      if (matches(left, top)) return true;
    }
  }
  return false;
}

}  // namespace throng
