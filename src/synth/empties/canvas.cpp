#include "synth/empties/canvas.h"

#include "synth/lens.h"
#include "synth/noise.h"
#include "synth/paint.h"

namespace throng::synth {

namespace {

std::uint8_t display_byte(double v) { return static_cast<std::uint8_t>(clamp01(v) * 255 + 0.5); }

}  // namespace

Colour to_colour(const Vec3& display) {
  return {display_byte(display.x), display_byte(display.y), display_byte(display.z)};
}

Vec3 any_display_colour(Chance& chance, double colourful, double darkest, double lightest) {
  const double hue = chance.uniform();
  const double saturation = chance.uniform() * chance.uniform() * colourful;
  const Vec3 linear = from_hsv({hue, saturation, chance.uniform(darkest, lightest)});
  return {std::sqrt(linear.x), std::sqrt(linear.y), std::sqrt(linear.z)};
}

void fill_ellipse(Image& image, double x, double y, double half_length, double half_width, const Direction& along,
                  const Vec3& display, double shade) {
  const double reach = std::max(half_length, half_width);
  const int left = std::max(0, static_cast<int>(std::floor(x - reach)));
  const int right = std::min(image.width, static_cast<int>(std::floor(x + reach)) + 1);
  const int top = std::max(0, static_cast<int>(std::floor(y - reach)));
  const int bottom = std::min(image.height, static_cast<int>(std::floor(y + reach)) + 1);
  for (int py = top; py < bottom; ++py) {
    for (int px = left; px < right; ++px) {
      const double dx = px + 0.5 - x;
      const double dy = py + 0.5 - y;
      const double u = (dx * along.cosine + dy * along.sine) / half_length;
      const double v = (dy * along.cosine - dx * along.sine) / half_width;
      const double r2 = u * u + v * v;
      if (r2 > 1) continue;
      const Colour colour = to_colour(display * (1 - shade * r2));
      std::uint8_t* pixel = image.pixel(px, py);
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = colour[c];
    }
  }
}

void add_camera_loss(Image& image, Chance& chance, double strength) {
  const double grain = strength * chance.uniform(0, 14);
  const std::uint32_t seed = chance.bits();
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      std::uint8_t* pixel = image.pixel(x, y);
      const double shared = lattice(x, y, 0, seed) + lattice(x, y, 1, seed) - 1;
      for (int c = 0; c < 3; ++c) {
        const double own = lattice(x, y, 2 + c, seed) - 0.5;
        pixel[c] = display_byte((pixel[c] + grain * (shared + own)) / 255);
      }
    }
  }
  if (chance.happens(strength)) compress_like_jpeg(image, static_cast<int>(chance.uniform(50, 95)));
}

}  // namespace throng::synth
