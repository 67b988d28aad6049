#include "synth/empties/canvas.h"
#include "synth/noise.h"

namespace throng::synth {

namespace {

/// Cells of one value each.
Image cells(int width, int height, Chance& chance) {
  const std::int64_t side = chance.happens(0.5) ? 1 : 1 + static_cast<std::int64_t>(chance.log_uniform(1, 24));
  const bool coloured = chance.happens(0.5);
  const double middle = chance.uniform(0.2, 0.8);
  const double spread = chance.uniform(0.1, 1);
  const double rare = chance.happens(0.3) ? chance.uniform(0.01, 0.3) : 1;  // salt and pepper
  const std::uint32_t seed = chance.bits();
  return painted(width, height, 1, [&](double x, double y) {
    const auto column = static_cast<std::int64_t>(x) / side;
    const auto row = static_cast<std::int64_t>(y) / side;
    if (lattice(column, row, 3, seed) > rare) return Vec3{middle, middle, middle};
    const auto value = [&](std::int64_t c) { return middle + spread * (lattice(column, row, c, seed) - 0.5); };
    return coloured ? Vec3{value(0), value(1), value(2)} : Vec3{value(0), value(0), value(0)};
  });
}

Image clouds(int width, int height, Chance& chance) {
  const Vec3 first = any_display_colour(chance);
  const Vec3 second = any_display_colour(chance);
  const double unit = chance.log_uniform(4, 200);
  const int octaves = 1 + static_cast<int>(chance.pick(6));
  const double contrast = chance.uniform(0.05, 0.4);
  const std::uint32_t seed = chance.bits();
  return painted(width, height, 1, [&](double x, double y) {
    const double value = fractal_noise({x / unit, y / unit, 0}, seed, octaves);
    return mix_of(first, second, smooth_step(0.5 - contrast, 0.5 + contrast, value));
  });
}

/// Straight, round, or none: a plain picture.
Image gradient(int width, int height, Chance& chance) {
  const Vec3 first = any_display_colour(chance, 1, 0, 1);
  const Vec3 second = chance.happens(0.2) ? first : any_display_colour(chance, 1, 0, 1);
  const bool round = chance.happens(0.4);
  const Direction along = direction(chance.uniform(0, 6.28));
  const double cx = chance.uniform(0, width);
  const double cy = chance.uniform(0, height);
  const double reach = width + height;
  return painted(width, height, 1, [&](double x, double y) {
    const double dx = (x - cx) / reach;
    const double dy = (y - cy) / reach;
    const double place = round ? 2 * std::sqrt(dx * dx + dy * dy) : 0.5 + dx * along.cosine + dy * along.sine;
    return mix_of(first, second, clamp01(place));
  });
}

}  // namespace

Image draw_noise(int width, int height, std::uint64_t seed) {
  Chance chance(seed, "synth noise");
  const std::size_t which = chance.weighted({0.5, 0.3, 0.2});
  Image image = which == 0   ? cells(width, height, chance)
                : which == 1 ? clouds(width, height, chance)
                             : gradient(width, height, chance);
  add_camera_loss(image, chance, 0.4);
  return image;
}

}  // namespace throng::synth
