#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace throng {

/// A PNG of [height, width] grey values: a third of what encode_png makes of them. Packed as tightly as zlib can, which
/// takes no time for masks. Throws Error(failure) when the number of values is not height * width.
std::vector<std::uint8_t> encode_grey_png(std::span<const std::uint8_t> values, int width, int height);

}  // namespace throng
