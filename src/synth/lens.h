#pragma once

#include <cstdint>

#include "synth/picture.h"
#include "synth/setting.h"
#include "throng/image.h"

namespace throng::synth {

/// What a camera makes of the light: blur, shake, vignette, exposure, white balance, tone curve, sharpening, noise.
Image photograph(Picture picture, const Setting& setting, std::uint64_t seed);

/// What saving as JPEG takes away: 8x8 cosine transforms with coarser steps for lower quality (1..100), colour at half
/// the resolution.
void compress_like_jpeg(Image& image, int quality);

}  // namespace throng::synth
