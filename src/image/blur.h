#pragma once

#include "throng/image.h"

namespace throng {

/// Convolved with a Gaussian of `sigma` pixels, cut off at 3 sigma. Beyond its edges the picture is mirrored, so that
/// its mean stays as it is but for rounding. Sigma 0 gives a copy. Throws Error(failure) for a sigma outside 0..1000.
Image blur_image(const Image& image, double sigma);

}  // namespace throng
