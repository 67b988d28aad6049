#pragma once

#include <cstdint>
#include <vector>

#include "synth/camera.h"
#include "synth/setting.h"
#include "synth/solid.h"

namespace throng::synth {

/// Something upright that takes light from its neighbours.
struct Occluder {
  double x = 0;
  double y = 0;
  double ground = 0;  ///< metres, where it stands
  double height = 1.7;
  double radius = 0.24;
  std::int32_t owner = kNobody;  ///< the person, or kNobody for a thing
};

/// How much light reaches a point between upright bodies: the sun by shadows, the sky by how closely they stand.
class Light {
 public:
  Light(const Setting& setting, const Terrain& terrain, std::vector<Occluder> occluders);

  /// Share of the sun that reaches `p`; `owner` casts no shadow on itself.
  double sun(const Vec3& p, std::int32_t owner) const;
  /// Share of the sky that is seen from `p`.
  double openness(const Vec3& p) const;
  /// Darkening of the ground right under things.
  double contact(const Vec3& p) const;

 private:
  struct Cells {
    const std::uint32_t* begin = nullptr;
    const std::uint32_t* end = nullptr;
  };
  Cells cell(double x, double y) const;
  double shadow_of(const Occluder& occluder, const Vec3& p, double flat) const;

  Setting setting_;
  Terrain terrain_;
  std::vector<Occluder> occluders_;
  double left_ = 0;
  double near_ = 0;
  std::int64_t columns_ = 0;
  std::int64_t rows_ = 0;
  std::vector<std::uint32_t> starts_;   ///< [rows * columns + 1] into members_
  std::vector<std::uint32_t> members_;  ///< occluders by cell
  std::vector<float> crowding_;         ///< [rows, columns] people per square metre around
};

}  // namespace throng::synth
