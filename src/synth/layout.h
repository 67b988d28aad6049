#pragma once

#include <cstdint>
#include <vector>

#include "synth/camera.h"
#include "synth/scene.h"
#include "synth/setting.h"

namespace throng::synth {

/// How a head of `depth` metres away shows, pixels across.
inline double head_pixels(const Camera& camera, double depth) { return camera.focal() * 0.19 / depth; }

/// How the camera looks at the crowd and how the crowd spreads; grow() makes room for more people.
struct Plan {
  double focal = 900;    ///< pixels
  double grazing = 0.4;  ///< angle between the optical axis and the ground, radians
  double roll = 0;
  double camera_height = 6;  ///< metres
  double density = 1;        ///< people per square metre of ground where the crowd is thickest
  double smallest_head = 5;  ///< pixels; people farther away are left out
  double largest_head = 60;  ///< pixels, at the lower edge of the picture
  double clumping = 0.5;     ///< 0 = even, 1 = in groups with empty ground between
  double clutter = 1;        ///< share of the usual number of things among the people
  int shape = 0;             ///< which part of the ground the crowd covers
  double shape_position = 0.5;
  std::uint32_t seed = 0;

  Camera camera(const SceneOptions& options, const Setting& setting) const;
};

Plan choose_plan(const SceneOptions& options, const Setting& setting);

/// The next plan to try when one has too little room: higher up, then closer together and more from above.
void grow(Plan& plan, const SceneOptions& options, const Setting& setting);

/// The stretch of ground in front of the camera that a plan uses, metres along y.
struct Reach {
  double near = 0;
  double far = 0;
};
Reach reach_of(const Plan& plan, const Camera& camera, const Terrain& terrain);

/// A place where a person may stand.
struct Spot {
  Vec3 foot;
  std::uint64_t id = 0;
  bool in_picture = false;  ///< the head lies well inside; otherwise it lies wholly outside
};
std::vector<Spot> find_spots(const Plan& plan, const Camera& camera, const Terrain& terrain);

}  // namespace throng::synth
