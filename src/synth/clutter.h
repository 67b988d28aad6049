#pragma once

#include <vector>

#include "synth/builder.h"
#include "synth/setting.h"

namespace throng::synth {

/// Things that stand among people: poles, bins, signs, cars, bushes, stalls, barriers, boxes.
class Clutter : public Builder {
 public:
  Clutter(Model& model, const Setting& setting, const Terrain& terrain, std::uint64_t seed)
      : Builder(model, terrain, Chance(seed, "synth clutter")), setting_(setting) {}

  /// Adds one thing that suits the place, standing at `at`.
  void thing(const Vec3& at);

  const std::vector<Occluder>& occluders() const { return occluders_; }

 private:
  void stands_at(const Vec3& at, double radius, double height);
  void pole(const Vec3& at);
  void bin(const Vec3& at);
  void sign(const Vec3& at);
  void car(const Vec3& at);
  void tree_among(const Vec3& at);
  void bush(const Vec3& at);
  void stall(const Vec3& at);
  void barrier(const Vec3& at);
  void boxes(const Vec3& at);

  const Setting& setting_;
  std::vector<Occluder> occluders_;
};

}  // namespace throng::synth
