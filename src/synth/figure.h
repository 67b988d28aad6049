#pragma once

#include "synth/person.h"
#include "synth/solid.h"

namespace throng::synth {

/// What of a person is built. From above eye level nobody's head is hidden by another's legs, so that head and
/// shoulders are enough to find out who can be seen.
enum class Part : std::uint8_t { head_and_shoulders, whole };

/// Adds a person's body to the model, head first; solids carry `owner`, those of the head are marked. `head_pixels` is
/// the width of the head in the picture: what would be too small to see is left out.
void add_figure(Model& model, const Person& person, std::int32_t owner, double head_pixels, Part part = Part::whole);

/// Where the middle of a person's head is, metres.
Vec3 head_centre(const Person& person);

}  // namespace throng::synth
