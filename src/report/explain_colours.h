#pragma once

#include <cstddef>

#include "image/draw.h"

namespace throng {

/// Weights and attention over [0, 1]: the lighter, the more, as in Figure 8.
Colour weight_colour(double value);

/// Where the best expert is shown, its colour: the first eight differ for every kind of colour vision.
Colour expert_colour(std::size_t expert);

/// Where no expert is the best, for there is no crowd.
inline constexpr Colour kNoCrowdColour = {30, 33, 41};

}  // namespace throng
