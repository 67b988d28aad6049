#pragma once

#include <cstdint>

#include "synth/paint.h"
#include "synth/setting.h"

namespace throng::synth {

/// What one person looks like and does; drawn as solids by figure.h.
struct Person {
  enum class Hair : std::uint8_t { cropped, full, bob, loose, bun, ponytail, afro, fringe, bald };
  enum class Cover : std::uint8_t { none, cap, cap_backwards, beanie, sun_hat, hood, headscarf, scarf_cloth, helmet };
  enum class Arms : std::uint8_t { hanging, crossed, holding, phone_up, raised, one_raised, placard };
  enum class Legs : std::uint8_t { standing, walking, seated };
  enum class Outfit : std::uint8_t { trousers, skirt, robe, coat };

  Vec3 foot;            ///< on the ground, metres
  double heading = 0;   ///< radians; 0 looks away from the camera
  double height = 1.7;  ///< metres, hair not included
  double build = 1;     ///< of the trunk's width
  double head_turn = 0;
  double head_nod = 0;
  double head_lean = 0;
  double head_size = 1;
  double stride = 0;

  Hair hair = Hair::full;
  Cover cover = Cover::none;
  Arms arms = Arms::hanging;
  Legs legs = Legs::standing;
  Outfit outfit = Outfit::trousers;
  bool backpack = false;
  bool short_sleeves = false;

  Paint face;
  Paint skin;
  Paint hair_paint;
  Paint cover_paint;
  Paint top;
  Paint sleeves;
  Paint bottom;
  Paint shoes;
  Paint bag;
};

/// A person of this scene; all chance comes from (seed, id).
Person make_person(const Setting& setting, std::uint64_t seed, std::uint64_t id);

}  // namespace throng::synth
