#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace throng {

/// An 8-bit grey PNG of [height, width] values. The room image writes colour alone, which takes three times as much.
std::vector<std::uint8_t> encode_grey_png(std::span<const std::uint8_t> values, int width, int height);

}  // namespace throng
