#include "data/alter.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/draw.h"
#include "core/text.h"
#include "data/colour.h"
#include "data/noise.h"
#include "image/blur.h"
#include "image/resize.h"
#include "throng/error.h"

namespace throng {
namespace {

using Tones = std::array<std::uint8_t, 256>;

void set_tones(Image& image, const std::array<Tones, 3>& tones) {
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = tones[i % 3][image.rgb[i]];
}

Image resized(const Image& image, double factor, std::string_view name) {
  const ImageSize size = scaled_size({image.width, image.height}, factor);
  if (size.pixels() > DecodeLimits().max_pixels) {
    throw Error(ErrorKind::input, text(name, " would have ", size.width, "x", size.height,
                                       " pixels; 200 megapixels is the most, so resize it by less"));
  }
  return resize_image(image, size.width, size.height);
}

void turn_to_night(Image& image, std::string_view name) {
  constexpr double kSoftness = 0.7;
  constexpr double kGamma = 1.8;
  constexpr std::array<double, 3> kLight = {0.6, 0.5, 0.36};  // lamps: a third of the blue is gone
  image = blur_image(image, kSoftness);
  std::array<Tones, 3> tones;
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t v = 0; v < 256; ++v) {
      tones[c][v] = nearest_level(255 * kLight[c] * std::pow(static_cast<double>(v) / 255, kGamma));
    }
  }
  set_tones(image, tones);
  add_noise(image, 4, 5, Draw(0, "night", 0, fnv1a64(name)));
}

void turn_old(Image& image, std::string_view name) {
  constexpr double kSoftness = 0.9;
  constexpr double kGrain = 16;  // of which the softness leaves a third
  constexpr double kBlack = 45;  // a print's black has faded
  constexpr double kRange = 170;
  constexpr double kVignette = 0.3;
  constexpr std::array<double, 3> kPaper = {1.0, 0.9, 0.72};
  make_grey(image);
  const double cx = image.width * 0.5;
  const double cy = image.height * 0.5;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double dx = x + 0.5 - cx;
      const double dy = y + 0.5 - cy;
      const double light = 1 - kVignette * (dx * dx + dy * dy) / (cx * cx + cy * cy);
      std::uint8_t* pixel = image.pixel(x, y);
      const double faded = (kBlack + kRange * pixel[0] / 255.0) * light;
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = nearest_level(faded * kPaper[c]);
    }
  }
  add_noise(image, kGrain, 0, Draw(0, "old", 0, fnv1a64(name)));
  image = blur_image(image, kSoftness);  // the print's grain is no sharper than the rest of it
}

void need_between(std::string_view what, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorKind::usage, text(what, " ", value, " is not between ", low, " and ", high));
}

}  // namespace

void validate(const Alteration& alteration) {
  need_between("resize", alteration.resize, 0.01, 16);
  need_between("blur", alteration.blur, 0, 100);
  need_between("noise", alteration.noise, 0, 128);
  need_between("jpeg", alteration.jpeg, 0, 100);
}

std::string describe(const Alteration& alteration) {
  std::vector<std::string> parts;
  if (alteration.resize != 1) parts.push_back(text("resize ", alteration.resize));
  if (alteration.blur > 0) parts.push_back(text("blur ", alteration.blur));
  if (alteration.night) parts.emplace_back("night");
  if (alteration.old) parts.emplace_back("old");
  if (alteration.grey) parts.emplace_back("grey");
  if (alteration.noise > 0) parts.push_back(text("noise ", alteration.noise));
  if (alteration.jpeg > 0) parts.push_back(text("jpeg ", alteration.jpeg));
  return parts.empty() ? "nothing" : join(parts, ", ");
}

Image alter_image(const Image& image, const Alteration& alteration, std::string_view name) {
  validate(alteration);
  Image altered = resized(image, alteration.resize, name);
  if (alteration.blur > 0) altered = blur_image(altered, alteration.blur);
  if (alteration.night) turn_to_night(altered, name);
  if (alteration.old) turn_old(altered, name);
  if (alteration.grey) make_grey(altered);
  if (alteration.noise > 0) add_noise(altered, 0, alteration.noise, Draw(0, "noise", 0, fnv1a64(name)));
  return altered;
}

void resize_annotations(ManifestEntry& entry, int width, int height) {
  // Pixel (0, 0) covers [0, 1) x [0, 1) in both pictures, so coordinates scale without an offset.
  const double across = static_cast<double>(width) / entry.width;
  const double down = static_cast<double>(height) / entry.height;
  for (Point& point : entry.points) point = {point.x * across, point.y * down};
  entry.width = width;
  entry.height = height;
}

}  // namespace throng
