#pragma once

#include <vector>

#include "synth/camera.h"
#include "synth/light.h"
#include "synth/picture.h"
#include "synth/raster.h"
#include "synth/setting.h"
#include "synth/solid.h"

namespace throng::synth {

/// Gives every pixel its colour: samples that see the same solid are shaded once.
Picture shade(const Model& model, const Setting& setting, const Terrain& terrain, const Camera& camera,
              const DepthBuffer& buffer, const Light& light);

}  // namespace throng::synth
