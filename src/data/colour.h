#pragma once

#include "core/draw.h"
#include "throng/image.h"

namespace throng {

/// Changes brightness, contrast, gamma and saturation at random; strength 0 changes nothing, 1 changes each by up to 40
/// %.
void change_colour(Image& image, double strength, const Draw& draw);

/// Replaces the colours by their luma (BT.601).
void make_grey(Image& image);

}  // namespace throng
