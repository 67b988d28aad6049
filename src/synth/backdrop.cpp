#include "synth/backdrop.h"

#include "synth/noise.h"
#include "synth/paint.h"

namespace throng::synth {

namespace {

double shows(double size, double footprint) { return smooth_step(1.4 * size, 0.4 * size, footprint); }

double fraction(double v) { return v - std::floor(v); }
std::int64_t whole(double v) { return static_cast<std::int64_t>(std::floor(v)); }

/// Noise whose fine octaves are left out where a pixel cannot show them.
double ground_noise(const Vec3& p, double size, double footprint, std::uint32_t seed) {
  const double sight = shows(size, footprint);
  return sight <= 0 ? 0.5 : mix_of(0.5, fractal_noise(p * (1 / size), seed, 3), sight);
}

Vec3 asphalt(const Setting& s, const Vec3& p, double footprint) {
  const double grain = ground_noise(p, 0.08, footprint, s.seed) - 0.5;
  const double stains = ground_noise(p, 3, footprint, s.seed + 1) - 0.5;
  Vec3 colour = from_display(0.42, 0.42, 0.43) * (1 + 0.5 * grain + 0.7 * stains);
  const double lane = 3.2 + lattice(0, 0, 1, s.seed);
  const double across = p.x + lane * lattice(0, 0, 2, s.seed);
  const double sight = shows(0.3, footprint);
  const bool dash = fraction(p.y / 6) < 0.5;
  const double line = smooth_step(0.1, 0.06, std::fabs(fraction(across / lane) - 0.5) * lane);
  if (dash) colour = mix_of(colour, from_display(0.85, 0.85, 0.82), 0.8 * line * sight);
  const double crossing_at = 9 + 30 * lattice(0, 0, 3, s.seed);
  if (p.y > crossing_at && p.y < crossing_at + 3.5 && fraction(p.x / 1.1) < 0.5) {
    colour = mix_of(colour, from_display(0.82, 0.82, 0.8), 0.8 * shows(0.8, footprint));
  }
  if (std::fabs(p.x - 2) > lane * 2.5) colour = from_display(0.58, 0.57, 0.55) * (1 + 0.6 * stains);
  return colour;
}

Vec3 paving(const Setting& s, const Vec3& p, double footprint) {
  static const Vec3 stones[] = {from_display(0.62, 0.6, 0.57), from_display(0.7, 0.66, 0.6),
                                from_display(0.5, 0.48, 0.47), from_display(0.58, 0.42, 0.36)};
  const Vec3 stone = stones[whole(lattice(0, 1, 0, s.seed) * 4)];
  const double side = 0.4 + lattice(0, 1, 1, s.seed);
  const Direction turn = direction(lattice(0, 1, 2, s.seed) * 1.5);
  const double u = (p.x * turn.cosine + p.y * turn.sine) / side;
  const double v = (p.y * turn.cosine - p.x * turn.sine) / side;
  const double sight = shows(side * 0.5, footprint);
  const double joint = std::min(std::min(fraction(u), 1 - fraction(u)), std::min(fraction(v), 1 - fraction(v))) * side;
  const double tone = lattice(whole(u), whole(v), 7, s.seed) - 0.5;
  const double stains = ground_noise(p, 2.5, footprint, s.seed + 1) - 0.5;
  const double seam = smooth_step(0.03, 0.012, joint) * shows(0.05, footprint);
  return stone * ((1 + 0.35 * tone * sight + 0.5 * stains) * (1 - 0.5 * seam));
}

Vec3 grass(const Setting& s, const Vec3& p, double footprint) {
  const double blades = ground_noise(p, 0.1, footprint, s.seed) - 0.5;
  const double tufts = ground_noise(p, 0.7, footprint, s.seed + 1) - 0.5;
  const double worn = smooth_step(0.5, 0.7, ground_noise(p, 9, footprint, s.seed + 2));
  const Vec3 green = from_display(0.34, 0.38, 0.2) * (1 + 0.9 * blades + 0.8 * tufts);
  return mix_of(green, from_display(0.55, 0.47, 0.34) * (1 + 0.5 * blades), worn * lattice(0, 2, 0, s.seed));
}

/// Concrete steps with rows of seats.
Vec3 stand_rows(const Setting& s, const Vec3& p, double footprint) {
  const double row = p.y / 0.85;
  const double along = p.x / 0.52;
  const double sight = shows(0.4, footprint);
  const Vec3 concrete = from_display(0.42, 0.41, 0.4) * (0.8 + 0.4 * ground_noise(p, 1.5, footprint, s.seed));
  const Vec3 plastic =
      from_hsv({lattice(0, 3, 0, s.seed), 0.75 * lattice(0, 3, 1, s.seed), 0.25 + 0.4 * lattice(0, 3, 2, s.seed)});
  const double gangway = smooth_step(0.6, 0.7, std::fabs(fraction(p.x / 11) - 0.5) * 11);
  const double u = fraction(along) - 0.5;
  const double v = fraction(row);
  const double seat = smooth_step(0.46, 0.4, std::fabs(u)) * smooth_step(0.2, 0.26, v) * smooth_step(0.97, 0.92, v);
  const double shade = v > 0.6 ? 1.0 : 0.6;  // backs above, shaded seats below
  const double riser = smooth_step(0.14, 0.05, v);
  const Vec3 bare = concrete * (1 - 0.5 * riser * sight);
  return mix_of(bare, plastic * shade, gangway * mix_of(0.4, seat, sight));
}

Vec3 boards(const Setting& s, const Vec3& p, double footprint) {
  const double u = p.x / 0.18;
  const double tone = lattice(whole(u), whole(p.y / 1.8 + lattice(whole(u), 0, 0, s.seed)), 0, s.seed) - 0.5;
  const Vec3 wood = lattice(0, 4, 0, s.seed) < 0.5 ? from_display(0.55, 0.4, 0.28) : from_display(0.38, 0.33, 0.34);
  return wood * (1 + 0.4 * tone * shows(0.15, footprint) + 0.4 * (ground_noise(p, 1.2, footprint, s.seed) - 0.5));
}

Vec3 sand(const Setting& s, const Vec3& p, double footprint) {
  const double ripple = ground_noise({p.x, p.y * 2, 0}, 0.35, footprint, s.seed) - 0.5;
  const double patches = ground_noise(p, 5, footprint, s.seed + 1) - 0.5;
  return from_display(0.76, 0.68, 0.53) * (1 + 0.5 * ripple + 0.4 * patches);
}

}  // namespace

Vec3 sky_light(const Setting& setting, const Vec3& ray) {
  const Vec3 d = unit(ray);
  const double up = clamp01(d.z * 1.6);
  if (setting.place == Setting::Place::hall || setting.place == Setting::Place::concert) {
    const double blotches = fractal_noise(d * 5.0, setting.seed, 3);
    return setting.haze_colour * (0.3 + 0.9 * blotches) * (1 - 0.6 * up);
  }
  const bool clear = setting.sun_colour.x > 0.6;
  const Vec3 zenith = clear ? Vec3{0.2, 0.38, 0.72} : Vec3{0.7, 0.73, 0.78};
  const Vec3 low = clear ? Vec3{0.72, 0.8, 0.9} : Vec3{0.88, 0.9, 0.92};
  const Vec3 plane = {d.x / (d.z + 0.12), d.y / (d.z + 0.12), 0};
  const double clouds = smooth_step(0.48, 0.75, fractal_noise(plane * 1.3, setting.seed, 4));
  return mix_of(mix_of(low, zenith, up), Vec3{0.95, 0.95, 0.97}, 0.75 * clouds);
}

Vec3 ground_colour(const Setting& setting, const Vec3& p, double footprint) {
  switch (setting.place) {
    case Setting::Place::street:
      return asphalt(setting, p, footprint);
    case Setting::Place::plaza:
      return paving(setting, p, footprint);
    case Setting::Place::park:
      return grass(setting, p, footprint);
    case Setting::Place::stands:
      return stand_rows(setting, p, footprint);
    case Setting::Place::hall:
      return boards(setting, p, footprint);
    case Setting::Place::concert:
      return sand(setting, p, footprint) * 0.12;
    case Setting::Place::beach:
      return sand(setting, p, footprint);
  }
  return paving(setting, p, footprint);
}

}  // namespace throng::synth
