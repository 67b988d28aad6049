#pragma once

#include <cstdint>
#include <vector>

#include "data/manifest.h"
#include "synth/camera.h"
#include "synth/light.h"
#include "synth/raster.h"
#include "synth/scene.h"
#include "synth/setting.h"
#include "synth/solid.h"

namespace throng::synth {

/// The least share of an annotated head that shows, of its whole outline.
inline constexpr double kLeastVisible = 0.45;

/// A scene before it is shaded: the model, what each sample sees, and the annotation.
struct Crowd {
  Camera camera;
  Terrain terrain;
  Model model;
  std::vector<Occluder> occluders;
  DepthBuffer buffer;
  std::vector<Point> heads;           ///< middle of the visible part of each annotated head, pixels
  std::vector<double> visible_share;  ///< of each annotated head
};

/// Places exactly options.people people whose heads show. Throws Error(failure) when no arrangement is found, which
/// the limit on people per pixel rules out.
Crowd place_crowd(const SceneOptions& options, const Setting& setting);

}  // namespace throng::synth
