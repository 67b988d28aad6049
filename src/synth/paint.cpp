#include "synth/paint.h"

#include "synth/noise.h"

namespace throng::synth {

namespace {

/// 1 where a feature of this size shows, 0 where a pixel swallows it.
double pattern_shows(double size, double footprint) { return smooth_step(1.6 * size, 0.5 * size, footprint); }

/// 1 inside an ellipse on the front of a head, smooth at its rim.
double spot(const Vec3& q, double x, double z, double half_width, double half_height) {
  const double u = (q.x - x) / half_width;
  const double v = (q.z - z) / half_height;
  return smooth_step(1.5, 0.5, u * u + v * v);
}

Vec3 face_colour(const Paint& paint, const Vec3& q, double footprint) {
  Vec3 colour = paint.colour;
  if (q.y < 0) return colour;
  const double side = std::fabs(q.x);
  const Vec3 mirrored = {side, q.y, q.z};
  const double front = smooth_step(0.15, 0.5, q.y);
  // The coarse layout (shaded sockets, darker lower face) is what is left of a face at ten pixels.
  colour = colour * (1 - 0.28 * front * spot(mirrored, 0.36, 0.13, 0.36, 0.2));
  colour = colour * (1 + 0.10 * front * spot(mirrored, 0.45, -0.2, 0.25, 0.22));
  if (paint.beard) {
    const double jaw = smooth_step(-0.12, -0.34, q.z) * smooth_step(-0.15, 0.2, q.y);
    colour = mix_of(colour, paint.second * 1.3, 0.75 * jaw);
  }
  const double fine = front * pattern_shows(0.14, footprint);
  colour = mix_of(colour, Vec3{0.012, 0.01, 0.01}, 0.85 * fine * spot(mirrored, 0.37, 0.1, 0.15, 0.06));
  colour = mix_of(colour, paint.second, 0.6 * fine * spot(mirrored, 0.38, 0.26, 0.22, 0.05));
  colour = mix_of(colour, Vec3{0.28, 0.06, 0.05}, 0.6 * fine * spot(q, 0, -0.5, 0.24, 0.06));
  colour = colour * (1 - 0.35 * fine * spot(q, 0, -0.27, 0.16, 0.06));
  if (paint.glasses) {
    colour = mix_of(colour, Vec3{0.01, 0.01, 0.012}, 0.9 * front * spot(mirrored, 0.38, 0.12, 0.3, 0.14));
  }
  return colour;
}

Vec3 hair_colour(const Paint& paint, const Vec3& q, double footprint) {
  const double strands = value_noise({q.x * 14, q.y * 14, q.z * 3}, paint.seed) - 0.5;
  const double locks = value_noise({q.x * 4, q.y * 4, q.z * 1.5}, paint.seed + 7) - 0.5;
  return paint.colour *
         (1 + 0.7 * strands * pattern_shows(0.07, footprint) + 0.6 * locks * pattern_shows(0.25, footprint));
}

double stripe(double v, double scale) { return smooth_step(-0.12, 0.12, rough_sine(v * scale)); }

Vec3 cloth_colour(const Paint& paint, const Vec3& q, double footprint) {
  Vec3 colour = paint.colour;
  const double fine = pattern_shows(0.5 / paint.scale, footprint);
  const auto blend = [&](double share) { return mix_of(colour, paint.second, mix_of(0.5, share, fine)); };
  switch (paint.pattern) {
    case Paint::Pattern::none:
      break;
    case Paint::Pattern::stripes:
      colour = blend(stripe(q.x, paint.scale));
      break;
    case Paint::Pattern::hoops:
      colour = blend(stripe(q.z, paint.scale));
      break;
    case Paint::Pattern::checks:
      colour = blend(0.5 * (stripe(q.x, paint.scale) + stripe(q.z, paint.scale)));
      break;
    case Paint::Pattern::front:
      colour = mix_of(colour, paint.second, smooth_step(0.26, 0.2, std::fabs(q.x)) * smooth_step(0.0, 0.2, q.y));
      break;
    case Paint::Pattern::print: {
      const double patch = smooth_step(0.5, 0.42, std::fabs(q.x)) * smooth_step(0.45, 0.35, std::fabs(q.z - 0.05));
      const double marks = smooth_step(0.42, 0.5, fractal_noise(q * 4.0, paint.seed, 2));
      colour = mix_of(colour, paint.second, patch * marks * smooth_step(0.05, 0.25, q.y));
      break;
    }
  }
  const double folds = fractal_noise({q.x * 2.2, q.y * 2.2, q.z * 1.4}, paint.seed + 3, 3) - 0.5;
  return colour * (1 + 0.9 * folds * pattern_shows(0.5, footprint));
}

/// The two coordinates on a box's face that q lies on.
std::pair<double, double> on_face(const Vec3& q) {
  const double x = std::fabs(q.x);
  const double y = std::fabs(q.y);
  const double z = std::fabs(q.z);
  if (z >= x && z >= y) return {q.x, q.y};
  return x > y ? std::pair(q.y, q.z) : std::pair(q.x, q.z);
}

/// Rows of windows with frames, a darker ground floor, stains.
Vec3 facade_colour(const Paint& paint, const Vec3& q, double footprint) {
  const auto [across, up] = on_face(q);
  const double columns = paint.scale;
  const double rows = paint.scale * (0.6 + 0.8 * lattice(1, 2, 3, paint.seed));
  const double u = (across + 1) * columns;
  const double v = (up + 1) * rows;
  const double fu = u - std::floor(u);
  const double fv = v - std::floor(v);
  const double pane = smooth_step(0.17, 0.21, fu) * smooth_step(0.83, 0.79, fu) * smooth_step(0.2, 0.25, fv) *
                      smooth_step(0.85, 0.8, fv);
  const double sight = pattern_shows(0.6 / columns, footprint);
  const double own =
      lattice(static_cast<std::int64_t>(std::floor(u)), static_cast<std::int64_t>(std::floor(v)), 5, paint.seed);
  const Vec3 glass = paint.second * (0.4 + 1.2 * own * own);
  Vec3 wall = paint.colour * (0.8 + 0.4 * fractal_noise(q * 6.0, paint.seed, 3));
  wall = wall * (1 - 0.25 * smooth_step(0.08, 0.02, fv) * sight);
  return mix_of(wall, glass, mix_of(0.36, pane, sight));
}

Vec3 foliage_colour(const Paint& paint, const Vec3& q) {
  const double leaves = fractal_noise(q * 6.0, paint.seed, 3);
  return mix_of(paint.second, paint.colour, smooth_step(0.25, 0.75, leaves)) * (0.55 + 0.45 * clamp01(q.z * 0.5 + 0.6));
}

/// Lines that look like writing from afar.
Vec3 lettering_colour(const Paint& paint, const Vec3& q, double footprint) {
  const auto [across, up] = on_face(q);
  const double line = (up + 1) * paint.scale;
  const double within = line - std::floor(line);
  const double letter = lattice(static_cast<std::int64_t>(std::floor((across + 1) * paint.scale * 5)),
                                static_cast<std::int64_t>(std::floor(line)), 0, paint.seed);
  const bool ink = within > 0.3 && within < 0.75 && letter > 0.35 && std::fabs(across) < 0.85 && std::fabs(up) < 0.85;
  return mix_of(paint.colour, paint.second, mix_of(0.25, ink ? 1.0 : 0.0, pattern_shows(0.2 / paint.scale, footprint)));
}

}  // namespace

Vec3 from_hsv(const Hsv& colour) {
  const double h = (colour.hue - std::floor(colour.hue)) * 6;
  const auto channel = [&](double shift) {
    const double k = std::fabs(h - shift - 6 * std::floor((h - shift) / 6 + 0.5));  // distance on the colour circle
    return colour.value * (1 - colour.saturation * (1 - clamp01(2 - k)));
  };
  return from_display(channel(0), channel(2), channel(4));
}

Vec3 paint_colour(const Paint& paint, const Vec3& q, double footprint) {
  switch (paint.kind) {
    case Paint::Kind::plain:
      return paint.colour;
    case Paint::Kind::face:
      return face_colour(paint, q, footprint);
    case Paint::Kind::hair:
      return hair_colour(paint, q, footprint);
    case Paint::Kind::cloth:
      return cloth_colour(paint, q, footprint);
    case Paint::Kind::facade:
      return facade_colour(paint, q, footprint);
    case Paint::Kind::foliage:
      return foliage_colour(paint, q);
    case Paint::Kind::lettering:
      return lettering_colour(paint, q, footprint);
  }
  return paint.colour;
}

}  // namespace throng::synth
