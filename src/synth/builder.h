#pragma once

#include <vector>

#include "synth/chance.h"
#include "synth/light.h"
#include "synth/solid.h"

namespace throng::synth {

/// What the builders of backgrounds and clutter share: solids in colours drawn by chance.
class Builder {
 public:
  Builder(Model& model, const Terrain& terrain, const Chance& chance)
      : model_(model), terrain_(terrain), chance_(chance) {}

 protected:
  void put(Solid solid, const Paint& paint, bool leafy = false);
  void box(const Vec3& at, const Vec3& half, const Paint& paint, double yaw = 0);
  void blob(const Vec3& at, const Vec3& radii, const Paint& paint, bool leafy = false);
  /// A trunk and clouds of leaves; `foot.z` is not looked at.
  void tree(const Vec3& foot, double height);

  Paint plain(const Vec3& colour, double gloss = 0.05) const;
  Paint grey(double darkest, double lightest, double gloss = 0.05);
  Paint any_colour();
  Paint leaves();
  /// Writing on the given ground.
  Paint lettering(const Paint& ground);

  Model& model_;
  const Terrain& terrain_;
  Chance chance_;
};

}  // namespace throng::synth
