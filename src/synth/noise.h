#pragma once

#include <cstdint>

#include "synth/portable_math.h"

namespace throng::synth {

/// A hash of a lattice point, in [0, 1).
double lattice(std::int64_t x, std::int64_t y, std::int64_t z, std::uint32_t seed);

/// Smooth value noise over space, in [0, 1), features about one unit wide.
double value_noise(const Vec3& p, std::uint32_t seed);

/// Several octaves of value noise, in [0, 1), mean 0.5.
double fractal_noise(const Vec3& p, std::uint32_t seed, int octaves);

}  // namespace throng::synth
