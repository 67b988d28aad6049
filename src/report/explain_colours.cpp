#include "report/explain_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace throng {
namespace {

// Lightness rises evenly, and no colour is one of density_colour's.
constexpr std::array<Colour, 6> kWeightAnchors = {
    {{18, 14, 32}, {74, 24, 88}, {148, 42, 96}, {216, 84, 74}, {247, 158, 88}, {255, 238, 196}}};

// The palette of Okabe and Ito, black left out and blue lightened.
constexpr std::array<Colour, 8> kExpertColours = {{{86, 180, 233},
                                                   {240, 200, 40},
                                                   {0, 158, 115},
                                                   {213, 94, 0},
                                                   {204, 121, 167},
                                                   {70, 120, 220},
                                                   {230, 159, 0},
                                                   {220, 220, 220}}};

}  // namespace

Colour weight_colour(double value) {
  const double place = (value > 0 ? std::min(value, 1.0) : 0.0) * (kWeightAnchors.size() - 1);  // NaN becomes 0
  const auto below = std::min(static_cast<std::size_t>(place), kWeightAnchors.size() - 2);
  const double share = place - static_cast<double>(below);
  Colour colour{};
  for (std::size_t c = 0; c < colour.size(); ++c) {
    const double first = kWeightAnchors[below][c], second = kWeightAnchors[below + 1][c];
    colour[c] = static_cast<std::uint8_t>(std::lround(first + (second - first) * share));
  }
  return colour;
}

Colour expert_colour(std::size_t expert) { return kExpertColours[expert % kExpertColours.size()]; }

}  // namespace throng
