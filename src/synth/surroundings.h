#pragma once

#include <cstdint>
#include <vector>

#include "synth/layout.h"
#include "synth/light.h"
#include "synth/solid.h"

namespace throng::synth {

/// Adds what is not people: buildings or trees behind the crowd, poles, cars, bins, stalls, bushes within it. Returns
/// the upright things that stand among the people, who keep off them; `amount` is their number in units of the usual.
std::vector<Occluder> add_surroundings(Model& model, const Setting& setting, const Terrain& terrain, const Reach& reach,
                                       const Camera& camera, std::uint64_t seed, double amount);

}  // namespace throng::synth
