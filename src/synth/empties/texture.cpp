#include <array>

#include "synth/empties/canvas.h"
#include "synth/noise.h"

namespace throng::synth {

namespace {

/// A surface seen straight on or leaning away: where its point under a pixel lies, in units of the pattern.
class Surface {
 public:
  Surface(int width, int height, Chance& chance)
      : middle_(width * 0.5),
        height_(height),
        unit_(chance.log_uniform(7, 70)),
        lean_(chance.happens(0.4) ? chance.uniform(0.5, 3) : 0),
        turn_(direction(chance.happens(0.5) ? 0 : chance.uniform(-0.8, 0.8))) {}

  Vec3 at(double x, double y) const {
    const double finer = 1 + lean_ * (1 - y / height_);
    const double u = (x - middle_) * finer / unit_;
    const double v = (y + lean_ * (y - y * y / (2 * height_))) / unit_;
    return {u * turn_.cosine - v * turn_.sine, u * turn_.sine + v * turn_.cosine, 0};
  }

 private:
  double middle_;
  double height_;
  double unit_;
  double lean_;
  Direction turn_;
};

/// What patterns choose among.
struct Look {
  Vec3 first;
  Vec3 second;
  double variety;  ///< how much parts differ in brightness
  double size;     ///< 0..1, of what lies in a cell
  double shape;    ///< 0..1
  std::uint32_t seed;
};

std::int64_t whole(double v) { return static_cast<std::int64_t>(std::floor(v)); }

double brightness_of(std::int64_t column, std::int64_t row, const Look& look) {
  return 1 + look.variety * (lattice(column, row, 9, look.seed) - 0.5);
}

double grain_at(const Vec3& p, const Look& look) { return 0.75 + 0.5 * fractal_noise(p * 6.0, look.seed + 5, 3); }

Vec3 bricks(const Vec3& p, const Look& look) {
  const double length = 1.5 + 2 * look.shape;
  const std::int64_t row = whole(p.y);
  const double along = p.x / length + (row % 2 != 0 ? 0.5 : 0);
  const std::int64_t column = whole(along);
  const double joint = 0.04 + 0.08 * look.size;
  const double from_side = std::min(along - column, column + 1 - along) * length;
  const double from_top = std::min(p.y - row, row + 1 - p.y);
  const bool mortar = std::min(from_side, from_top) < joint;
  return (mortar ? look.second : look.first * brightness_of(column, row, look)) * grain_at(p, look);
}

/// The nearest and second nearest of jittered points, one a cell.
Vec3 stones(const Vec3& p, const Look& look) {
  double nearest = 9;
  double second = 9;
  std::int64_t column = 0;
  std::int64_t row = 0;
  for (std::int64_t j = whole(p.y) - 1; j <= whole(p.y) + 1; ++j) {
    for (std::int64_t i = whole(p.x) - 1; i <= whole(p.x) + 1; ++i) {
      const double dx = i + 0.15 + 0.7 * lattice(i, j, 1, look.seed) - p.x;
      const double dy = j + 0.15 + 0.7 * lattice(i, j, 2, look.seed) - p.y;
      const double distance = std::sqrt(dx * dx + dy * dy);
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
        column = i;
        row = j;
      } else {
        second = std::min(second, distance);
      }
    }
  }
  const double gap = smooth_step(0.02, 0.05 + 0.2 * look.size, second - nearest);
  const double dome = 1 - 0.8 * look.shape * nearest * nearest;
  return mix_of(look.second * 0.4, look.first * (brightness_of(column, row, look) * dome), gap) * grain_at(p, look);
}

Vec3 dots(const Vec3& p, const Look& look) {
  const std::int64_t row = whole(p.y);
  const double x = p.x + (look.shape > 0.5 && row % 2 != 0 ? 0.5 : 0);
  const std::int64_t column = whole(x);
  const double dx = x - column - 0.5;
  const double dy = p.y - row - 0.5;
  const double radius = 0.18 + 0.28 * look.size;
  const double r2 = dx * dx + dy * dy;
  const bool hollow = look.variety > 0.75 && r2 < radius * radius * 0.4;
  return r2 < radius * radius && !hollow ? look.first : look.second;
}

/// Oranges, balls, pills: shaded by a light from the upper left.
Vec3 balls(const Vec3& p, const Look& look) {
  const std::int64_t row = whole(p.y);
  Vec3 colour = look.second * 0.5;
  for (std::int64_t j = row - 1; j <= row + 1; ++j) {  // those farther down lie in front
    const double x = p.x + (j % 2 != 0 ? 0.5 : 0);
    for (std::int64_t i = whole(x) - 1; i <= whole(x) + 1; ++i) {
      const double jitter = 0.35 * look.shape;
      const double dx = x - (i + 0.5 + jitter * (lattice(i, j, 1, look.seed) - 0.5));
      const double dy = p.y - (j + 0.5 + jitter * (lattice(i, j, 2, look.seed) - 0.5));
      const double radius = (0.4 + 0.25 * look.size) * (1 - 0.3 * look.shape * lattice(i, j, 3, look.seed));
      const double r2 = (dx * dx + dy * dy) / (radius * radius);
      if (r2 > 1) continue;
      const double light = (-0.4 * dx - 0.6 * dy) / radius + 0.7 * std::sqrt(1 - r2);
      colour = look.first * (brightness_of(i, j, look) * (0.35 + 0.7 * std::max(0.0, light)));
    }
  }
  return colour;
}

Vec3 checks(const Vec3& p, const Look& look) {
  const double share = 0.15 + 0.7 * look.size;
  const bool across = p.x - std::floor(p.x) < share;
  const bool down = p.y - std::floor(p.y) < share;
  if (look.shape < 0.3) return across ? look.first : look.second;                     // stripes
  if (look.shape < 0.6) return across != down ? look.first : look.second;             // checks
  if (look.shape < 0.8) return across && down ? look.first : look.second;             // tiles
  return mix_of(look.first, look.second, (across ? 0.5 : 0.0) + (down ? 0.5 : 0.0));  // tartan
}

Vec3 weave(const Vec3& p, const Look& look) {
  const bool over = (whole(p.x) + whole(p.y)) % 2 != 0;
  const double along = over ? p.x - std::floor(p.x) : p.y - std::floor(p.y);
  const double round = rough_sine(0.5 * along);
  return (over ? look.first : mix_of(look.first, look.second, look.shape)) * ((0.4 + 0.6 * round) * grain_at(p, look));
}

Vec3 wood(const Vec3& p, const Look& look) {
  const double bent = p.x * 2 + 4 * fractal_noise({p.x * 0.3, p.y * 0.06, 1}, look.seed, 3);
  const double ring = 0.5 + 0.5 * rough_sine(bent);
  const double grain = 0.8 + 0.4 * fractal_noise({p.x * 9, p.y * 0.7, 2}, look.seed, 2);
  return mix_of(look.first, look.second, 0.6 * ring) * grain;
}

/// Roof tiles, scales of fish: rows of rounds, the lower ones behind.
Vec3 scales(const Vec3& p, const Look& look) {
  for (std::int64_t row = whole(p.y * 2) - 2; row <= whole(p.y * 2); ++row) {
    const double x = p.x + (row % 2 != 0 ? 0.5 : 0);
    const std::int64_t column = whole(x);
    const double dx = x - column - 0.5;
    const double dy = p.y - row * 0.5;
    const double r2 = dx * dx + dy * dy;
    if (dy < 0 || r2 > 0.33) continue;
    const double rim = smooth_step(0.36, 0.2 + 0.1 * look.size, r2);
    return mix_of(look.second, look.first * brightness_of(column, row, look), 0.3 + 0.7 * rim);
  }
  return look.second;
}

Vec3 grass(const Vec3& p, const Look& look) {
  const double stretch = 1 + 7 * look.shape;
  const double fine = fractal_noise({p.x * 4, p.y * 4 / stretch, 0}, look.seed, 4);
  const double coarse = fractal_noise(p * 0.3, look.seed + 3, 2);
  return mix_of(look.first, look.second, smooth_step(0.25, 0.75, fine)) * (0.6 + 0.8 * coarse);
}

using Pattern = Vec3 (*)(const Vec3&, const Look&);
constexpr std::array<Pattern, 9> kPatterns = {bricks, stones, dots, balls, checks, weave, wood, scales, grass};

/// Leaves, petals or pebbles on one another.
Image heap(int width, int height, Chance& chance) {
  const Vec3 first = any_display_colour(chance);
  const Vec3 second = any_display_colour(chance);
  const double largest = chance.log_uniform(8, 60);
  const double slender = chance.uniform(0.25, 1);
  const double shade = chance.uniform(0, 0.7);
  Image image = filled_image(width, height, to_colour(second * 0.3));
  const auto count = static_cast<std::int64_t>(6.0 * width * height / (largest * largest * slender));
  for (std::int64_t i = 0; i < count; ++i) {
    const double x = chance.uniform(0, width);
    const double y = chance.uniform(0, height);
    const double length = largest * chance.uniform(0.3, 1);
    const Vec3 hue = mix_of(first, second, chance.uniform());
    const Vec3 colour = hue * chance.uniform(0.4, 1.15);
    fill_ellipse(image, x, y, length, length * slender, direction(chance.uniform(0, 3.1)), colour, shade);
  }
  return image;
}

}  // namespace

Image draw_texture(int width, int height, std::uint64_t seed) {
  Chance chance(seed, "synth texture");
  const auto which = static_cast<std::size_t>(chance.pick(kPatterns.size() + 2));
  Image image;
  if (which < kPatterns.size()) {
    const Surface surface(width, height, chance);
    const Vec3 first = any_display_colour(chance);
    const Vec3 second = any_display_colour(chance);
    const double variety = chance.uniform();
    const double size = chance.uniform();
    const Look look{first, second, variety, size, chance.uniform(), chance.bits()};
    const Pattern pattern = kPatterns[which];
    image = painted(width, height, 2, [&](double x, double y) { return pattern(surface.at(x, y), look); });
  } else {
    image = heap(width, height, chance);
  }
  add_camera_loss(image, chance, 0.7);
  return image;
}

}  // namespace throng::synth
