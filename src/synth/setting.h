#pragma once

#include <cstdint>

#include "synth/portable_math.h"

namespace throng::synth {

/// Where and when a scene takes place: everything that its people share.
struct Setting {
  enum class Place : std::uint8_t { street, plaza, park, stands, hall, concert, beach };
  enum class Clothes : std::uint8_t { casual, winter, team, robes, formal, summer };
  enum class Facing : std::uint8_t { common, mixed };

  Place place = Place::plaza;
  Clothes clothes = Clothes::casual;
  Vec3 team_colour{0.5, 0.05, 0.05};
  double in_team_colour = 0.5;  ///< share of the people, where the clothes are a team's
  Facing facing = Facing::mixed;
  double heading = 0;  ///< radians about z; 0 looks away from the camera, pi at it
  double heading_spread = 0.4;
  double slope = 0;  ///< of the ground
  bool seated = false;
  double skin_low = 0;  ///< range of skin tones in this crowd, 0 = lightest, 1 = darkest
  double skin_high = 1;
  double grey_hair = 0.15;
  double covered = 0.2;  ///< share of people with something on their heads
  double raised_arms = 0.03;

  Vec3 sun_direction{0, 0, 1};  ///< towards the light
  Vec3 sun_colour{1, 1, 1};
  Vec3 sky_colour{0.5, 0.55, 0.6};  ///< light from above
  Vec3 bounce_colour{0.12, 0.11, 0.1};
  Vec3 haze_colour{0.6, 0.65, 0.7};
  double haze_length = 400;  ///< metres

  std::uint32_t seed = 0;
};

Setting choose_setting(std::uint64_t seed);

}  // namespace throng::synth
