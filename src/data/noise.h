#pragma once

#include "core/draw.h"
#include "throng/image.h"

namespace throng {

/// Adds noise to every pixel: `common` is the standard deviation of what all channels share, as grain, `own` of what
/// each has for itself; grey levels. The same on every machine.
void add_noise(Image& image, double common, double own, const Draw& draw);

}  // namespace throng
