#pragma once

#include <cstdint>

#include "image/draw.h"
#include "synth/chance.h"
#include "synth/portable_math.h"

namespace throng::synth {

// Drawing without libm and without anything that rounds differently elsewhere. Colours are display values, 0..1. No
// expression draws twice from a Chance unless inside braces: elsewhere the compiler chooses the order.

Colour to_colour(const Vec3& display);

/// A colour by chance; `colourful` 0 gives greys, 1 whatever there is.
Vec3 any_display_colour(Chance& chance, double colourful = 1, double darkest = 0.1, double lightest = 0.95);

/// The picture of colour(x, y), x and y in pixels: the mean over `samples` x `samples` places of each pixel.
template <class ColourAt>
Image painted(int width, int height, int samples, ColourAt&& colour) {
  Image image = filled_image(width, height, {});
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      Vec3 sum;
      for (int j = 0; j < samples; ++j) {
        for (int i = 0; i < samples; ++i) sum += colour(x + (i + 0.5) / samples, y + (j + 0.5) / samples);
      }
      const Colour mean = to_colour(sum * (1.0 / (samples * samples)));
      std::uint8_t* pixel = image.pixel(x, y);
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = mean[c];
    }
  }
  return image;
}

/// An ellipse whose first axis points along `along`; `shade` is how much darker its rim is than its middle, 0..1.
void fill_ellipse(Image& image, double x, double y, double half_length, double half_width, const Direction& along,
                  const Vec3& display, double shade = 0);

/// What a sensor and a JPEG do to it; `strength` 0..1.
void add_camera_loss(Image& image, Chance& chance, double strength);

// The kinds: a file each.
Image draw_texture(int width, int height, std::uint64_t seed);
Image draw_document(int width, int height, std::uint64_t seed);
Image draw_screenshot(int width, int height, std::uint64_t seed);
Image draw_noise(int width, int height, std::uint64_t seed);
Image draw_landscape(int width, int height, std::uint64_t seed);

}  // namespace throng::synth
