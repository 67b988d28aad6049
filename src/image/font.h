#pragma once

#include <array>
#include <cstdint>

namespace throng {

constexpr int kGlyphWidth = 5;
constexpr int kGlyphHeight = 7;
constexpr int kGlyphAdvance = 6;

/// Seven rows from the top; bit 4 is the leftmost pixel.
using Glyph = std::array<std::uint8_t, kGlyphHeight>;

/// The glyph of a printable ASCII letter; a box for any other byte.
const Glyph& glyph_of(char letter);

}  // namespace throng
