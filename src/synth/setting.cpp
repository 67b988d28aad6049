#include "synth/setting.h"

#include "synth/chance.h"
#include "synth/paint.h"

namespace throng::synth {

namespace {

constexpr double kHalfTurn = 3.141592653589793;

void choose_light(Setting& setting, Chance& chance) {
  const bool indoor = setting.place == Setting::Place::hall;
  const bool night = setting.place == Setting::Place::concert;
  const double elevation = (night ? chance.uniform(15, 40) : chance.uniform(25, 75)) * kDegree;
  const double azimuth = chance.uniform(-kHalfTurn, kHalfTurn);
  const Direction e = direction(elevation);
  const Direction a = direction(azimuth);
  setting.sun_direction = {a.sine * e.cosine, a.cosine * e.cosine, e.sine};
  if (night) {
    const Vec3 stage = from_hsv({chance.uniform(), chance.uniform(0.2, 0.85), 1});
    setting.sun_colour = stage * chance.uniform(0.6, 1.3);
    setting.sky_colour = from_hsv({chance.uniform(), chance.uniform(0, 0.6), 0.4});
    setting.sky_colour = setting.sky_colour * chance.uniform(0.7, 1.6);
    setting.haze_colour = setting.sun_colour * 0.12;
    setting.haze_length = chance.log_uniform(150, 800);
  } else if (indoor || chance.happens(0.45)) {  // overcast or ceiling light: soft
    setting.sun_colour = Vec3{1, 0.98, 0.95} * chance.uniform(0, 0.3);
    setting.sky_colour = indoor ? Vec3{1.0, 0.86, 0.66} : Vec3{0.86, 0.9, 0.97};
    setting.haze_length = indoor ? 500 : chance.log_uniform(400, 3000);
  } else {
    const double low = smooth_step(45, 25, elevation / kDegree);
    setting.sun_colour = mix_of(Vec3{1.25, 1.18, 1.05}, Vec3{1.35, 1.05, 0.72}, low) * chance.uniform(0.8, 1.15);
    setting.sky_colour = Vec3{0.36, 0.44, 0.56} * chance.uniform(0.8, 1.5);
    setting.haze_length = chance.log_uniform(500, 4000);
  }
  if (!night) setting.haze_colour = indoor ? Vec3{0.35, 0.3, 0.24} : Vec3{0.62, 0.68, 0.75};
  setting.bounce_colour = (setting.sky_colour + setting.sun_colour * 0.6) * Vec3{0.17, 0.15, 0.13};
}

void choose_people(Setting& setting, Chance& chance) {
  static constexpr Setting::Clothes kClothes[] = {Setting::Clothes::casual, Setting::Clothes::winter,
                                                  Setting::Clothes::team,   Setting::Clothes::robes,
                                                  Setting::Clothes::formal, Setting::Clothes::summer};
  setting.clothes = kClothes[chance.weighted({0.38, 0.18, 0.14, 0.06, 0.06, 0.18})];
  static constexpr double kTeamHues[] = {0.0, 0.62, 0.12, 0.38, 0.07};
  setting.team_colour = chance.happens(0.25) ? from_display(0.85, 0.85, 0.83)
                                             : from_hsv({kTeamHues[chance.weighted({4, 3, 1, 0.5, 0.7})],
                                                         chance.uniform(0.6, 0.85), chance.uniform(0.35, 0.72)});
  setting.in_team_colour = chance.uniform(0.25, 0.75);
  static constexpr double kTones[][2] = {{0.0, 0.35}, {0.1, 0.7}, {0.25, 0.55}, {0.65, 1.0}, {0.0, 1.0}};
  const auto& tones = kTones[chance.weighted({0.3, 0.2, 0.2, 0.12, 0.18})];
  setting.skin_low = tones[0];
  setting.skin_high = tones[1];
  setting.grey_hair = chance.uniform(0.02, 0.2);
  setting.covered = setting.clothes == Setting::Clothes::winter  ? chance.uniform(0.3, 0.7)
                    : setting.clothes == Setting::Clothes::robes ? chance.uniform(0.5, 0.95)
                                                                 : chance.uniform(0.03, 0.3);
  const bool show = setting.place == Setting::Place::concert || setting.place == Setting::Place::stands;
  setting.raised_arms = chance.happens(show ? 0.5 : 0.12) ? chance.uniform(0.1, 0.4) : chance.uniform(0, 0.05);
}

void choose_facing(Setting& setting, Chance& chance) {
  const bool walking = setting.place == Setting::Place::street || setting.place == Setting::Place::plaza;
  const bool show = setting.place == Setting::Place::stands || setting.place == Setting::Place::concert;
  setting.facing = !show && chance.happens(walking ? 0.45 : 0.25) ? Setting::Facing::mixed : Setting::Facing::common;
  static constexpr double kHeadings[] = {0.0, kHalfTurn, 1.0, -1.0, 2.2, -2.2};
  // Seated people look down the slope, at the camera.
  setting.heading = setting.seated || setting.slope > 0.15 ? kHalfTurn : kHeadings[chance.weighted({3, 4, 1, 1, 1, 1})];
  setting.heading += 0.25 * chance.bell();
  setting.heading_spread = chance.uniform(0.2, 0.7);
}

}  // namespace

Setting choose_setting(std::uint64_t seed) {
  Chance chance(seed, "synth setting");
  Setting setting;
  static constexpr Setting::Place kPlaces[] = {Setting::Place::street, Setting::Place::plaza, Setting::Place::park,
                                               Setting::Place::stands, Setting::Place::hall,  Setting::Place::concert,
                                               Setting::Place::beach};
  setting.place = kPlaces[chance.weighted({0.24, 0.24, 0.17, 0.14, 0.08, 0.08, 0.05})];
  setting.seed = chance.bits();
  if (setting.place == Setting::Place::stands) {
    setting.slope = chance.uniform(0.25, 0.55);
    setting.seated = chance.happens(0.5);
  } else if (chance.happens(0.25)) {
    setting.slope = chance.uniform(0, 0.12);
  }
  choose_light(setting, chance);
  choose_people(setting, chance);
  choose_facing(setting, chance);
  return setting;
}

}  // namespace throng::synth
