#pragma once

#include <cstdint>
#include <vector>

#include "synth/paint.h"
#include "synth/portable_math.h"

namespace throng::synth {

inline constexpr std::int32_t kNobody = -1;

/// An ellipsoid or a box: the points p with |to_unit * (p - centre)| <= 1, by the Euclidean or the largest-coordinate
/// norm. Everything in a scene but ground and sky is made of them.
struct Solid {
  enum class Shape : std::uint8_t { ellipsoid, box };

  Vec3 centre;
  Mat3 to_unit;
  Shape shape = Shape::ellipsoid;
  bool leafy = false;            ///< with holes, as foliage has
  bool head = false;             ///< counts as the owner's head for visibility
  std::int32_t owner = kNobody;  ///< index of the person
  std::int32_t paint = 0;        ///< index into the scene's paints
};

/// Three axes of length 1 at right angles.
struct Frame {
  Vec3 right{1, 0, 0};
  Vec3 front{0, 1, 0};
  Vec3 up{0, 0, 1};

  Vec3 place(const Vec3& local) const { return right * local.x + front * local.y + up * local.z; }
  /// Turned about its own up axis (counter-clockwise seen from above), then nodding forward, then leaning right.
  Frame turned(double yaw, double nod = 0, double lean = 0) const;
};

/// `radii` along the frame's axes, metres.
Solid make_ellipsoid(const Vec3& centre, const Vec3& radii, const Frame& frame);
Solid make_box(const Vec3& centre, const Vec3& half_sizes, const Frame& frame);
/// A limb: an ellipsoid from a to b, somewhat longer than the distance, of the given thickness.
Solid make_limb(const Vec3& a, const Vec3& b, double radius);

/// What a scene is made of.
struct Model {
  std::vector<Solid> solids;
  std::vector<Paint> paints;

  std::int32_t add_paint(const Paint& paint) {
    paints.push_back(paint);
    return static_cast<std::int32_t>(paints.size()) - 1;
  }
};

}  // namespace throng::synth
