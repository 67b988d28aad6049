#pragma once

#include "synth/person.h"
#include "synth/solid.h"

namespace throng::synth {

/// Adds a head with hair and hat: `centre` its middle, `body` the trunk's axes. Solids that people would call the head
/// are marked as such; long hair and veils on the shoulders are not.
void add_head(Model& model, const Person& person, std::int32_t owner, const Vec3& centre, const Frame& body, bool fine);

}  // namespace throng::synth
