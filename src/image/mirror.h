#pragma once

#include "throng/image.h"

namespace throng {

/// Exchanges left and right, in place.
void mirror_image(Image& image);

}  // namespace throng
