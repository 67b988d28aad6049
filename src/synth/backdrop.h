#pragma once

#include "synth/setting.h"

namespace throng::synth {

/// The sky's light in a direction (any length), before haze; indoors the dark of a hall.
Vec3 sky_light(const Setting& setting, const Vec3& ray);

/// The ground's colour at a point; `footprint` is the size of a pixel there, metres.
Vec3 ground_colour(const Setting& setting, const Vec3& p, double footprint);

}  // namespace throng::synth
