#include <algorithm>
#include <array>
#include <cmath>

#include "image/draw.h"

namespace throng {
namespace {

// Navy, then viridis (CC0, S. van der Walt and N. Smith) from its blue on; lightness rises evenly.
constexpr std::array<Colour, 10> kAnchors = {{{22, 18, 80},
                                              {45, 45, 118},
                                              {62, 73, 137},
                                              {49, 104, 142},
                                              {38, 130, 142},
                                              {31, 158, 137},
                                              {53, 183, 121},
                                              {110, 206, 88},
                                              {181, 222, 43},
                                              {253, 231, 37}}};

}  // namespace

Colour density_colour(double value) {
  const double place = (value > 0 ? std::min(value, 1.0) : 0.0) * (kAnchors.size() - 1);  // NaN becomes 0
  const auto below = std::min(static_cast<std::size_t>(place), kAnchors.size() - 2);
  const double share = place - static_cast<double>(below);
  Colour colour;
  for (std::size_t c = 0; c < 3; ++c) {
    colour[c] =
        static_cast<std::uint8_t>(std::lround((1 - share) * kAnchors[below][c] + share * kAnchors[below + 1][c]));
  }
  return colour;
}

}  // namespace throng
