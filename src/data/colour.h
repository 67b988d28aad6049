#pragma once

#include <algorithm>
#include <cstdint>

#include "core/draw.h"
#include "throng/image.h"

namespace throng {

/// The nearest grey level, 0 to 255.
inline std::uint8_t nearest_level(double value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
}

/// Changes brightness, contrast, gamma and saturation at random; strength 0 changes nothing, 1 changes each by up to 40
/// %.
void change_colour(Image& image, double strength, const Draw& draw);

/// Replaces the colours by their luma (BT.601).
void make_grey(Image& image);

}  // namespace throng
