#include "synth/lens.h"

#include "synth/chance.h"
#include "synth/noise.h"

namespace throng::synth {

namespace {

/// Convolves along x or y with weights centred on the pixel; edges are repeated.
void convolve(Picture& picture, const std::vector<float>& weights, bool along_x) {
  const int radius = static_cast<int>(weights.size() / 2);
  const int length = along_x ? picture.width : picture.height;
  const int lines = along_x ? picture.height : picture.width;
  std::vector<float> line(3 * static_cast<std::size_t>(length));
  const auto pixel = [&](int l, int i) { return along_x ? picture.pixel(i, l) : picture.pixel(l, i); };
  for (int l = 0; l < lines; ++l) {
    for (int i = 0; i < length; ++i) {
      float sum[3] = {0, 0, 0};
      for (int k = -radius; k <= radius; ++k) {
        const float* from = pixel(l, std::clamp(i + k, 0, length - 1));
        const float weight = weights[k + radius];
        for (int c = 0; c < 3; ++c) sum[c] += weight * from[c];
      }
      std::copy(sum, sum + 3, line.begin() + 3 * static_cast<std::ptrdiff_t>(i));
    }
    for (int i = 0; i < length; ++i) std::copy_n(line.begin() + 3 * static_cast<std::ptrdiff_t>(i), 3, pixel(l, i));
  }
}

std::vector<float> bell_weights(double sigma) {
  const int radius = std::max(1, static_cast<int>(std::ceil(2.5 * sigma)));
  std::vector<float> weights;
  double sum = 0;
  for (int k = -radius; k <= radius; ++k) sum += exponential(-0.5 * k * k / (sigma * sigma));
  for (int k = -radius; k <= radius; ++k) {
    weights.push_back(static_cast<float>(exponential(-0.5 * k * k / (sigma * sigma)) / sum));
  }
  return weights;
}

void blur(Picture& picture, double sigma) {
  const std::vector<float> weights = bell_weights(sigma);
  convolve(picture, weights, true);
  convolve(picture, weights, false);
}

void sharpen(Picture& picture, double amount, double sigma) {
  Picture soft = picture;
  blur(soft, sigma);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
    picture.rgb[i] += static_cast<float>(amount) * (picture.rgb[i] - soft.rgb[i]);
  }
}

double luminance(const float* p) { return 0.3 * p[0] + 0.59 * p[1] + 0.11 * p[2]; }

/// The mean of the light with its highest part held back, as an exposure meter sees it.
double metered(const Picture& picture) {
  double sum = 0;
  const std::size_t pixels = picture.rgb.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i) sum += std::min(0.8, luminance(picture.rgb.data() + 3 * i));
  return std::max(0.01, sum / static_cast<double>(pixels));
}

struct Exposure {
  Vec3 gain;
  double shoulder = 2.5;  ///< light that becomes white
  double contrast = 0.2;
  double vignette = 0.1;
};

/// Linear light to display values, 0..1.
void develop(Picture& picture, const Exposure& exposure) {
  const double cx = picture.width * 0.5;
  const double cy = picture.height * 0.5;
  const double white = exposure.shoulder * exposure.shoulder;
  const double gains[3] = {exposure.gain.x, exposure.gain.y, exposure.gain.z};
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double r2 = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (cx * cx + cy * cy);
      const double light = 1 - exposure.vignette * r2;
      float* p = picture.pixel(x, y);
      for (int c = 0; c < 3; ++c) {
        const double v = std::max(0.0, static_cast<double>(p[c]) * gains[c] * light);
        const double display = std::sqrt(clamp01(v * (1 + v / white) / (1 + v) * 1.35));
        const double curve = display * display * (3 - 2 * display);
        p[c] = static_cast<float>(mix_of(display, curve, exposure.contrast));
      }
    }
  }
}

/// Sensor noise of neighbouring pixels is partly shared after demosaicing; colour noise is coarser.
void add_noise(Picture& picture, double strength, double colour_strength, std::uint32_t seed) {
  const auto grain = [&](int x, int y, std::uint32_t which) {
    return lattice(x, y, 0, seed + which) + lattice(x, y, 1, seed + which) + lattice(x, y, 2, seed + which) - 1.5;
  };
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      float* p = picture.pixel(x, y);
      const double amount = 1.3 - 0.8 * luminance(p);
      const double grey = strength * 2 * (0.8 * grain(x, y, 0) + 0.3 * grain(x / 2, y / 2, 1));
      for (std::uint32_t c = 0; c < 3; ++c) {
        p[c] += static_cast<float>(amount * (grey + colour_strength * 2 * grain(x / 2, y / 2, 2 + c)));
      }
    }
  }
}

void turn_grey(Picture& picture, const Vec3& tint) {
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    const double grey = luminance(picture.rgb.data() + i);
    picture.rgb[i] = static_cast<float>(grey * tint.x);
    picture.rgb[i + 1] = static_cast<float>(grey * tint.y);
    picture.rgb[i + 2] = static_cast<float>(grey * tint.z);
  }
}

Image to_bytes(const Picture& picture) {
  Image image{picture.width, picture.height, std::vector<std::uint8_t>(picture.rgb.size())};
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
    image.rgb[i] = static_cast<std::uint8_t>(clamp01(picture.rgb[i]) * 255 + 0.5);
  }
  return image;
}

}  // namespace

Image photograph(Picture picture, const Setting& setting, std::uint64_t seed) {
  Chance chance(seed, "synth lens");
  blur(picture, chance.log_uniform(0.4, 1.1));
  if (chance.happens(0.12)) {
    const auto length = static_cast<std::size_t>(3 + 2 * chance.pick(2));
    convolve(picture, std::vector<float>(length, 1.0F / static_cast<float>(length)), chance.happens(0.6));
  }
  const bool dark = setting.place == Setting::Place::concert;
  Exposure exposure;
  const double key = dark ? chance.uniform(0.1, 0.22) : chance.log_uniform(0.12, 0.27);
  const double warmth = 0.09 * chance.bell();
  exposure.gain = Vec3{1 + warmth, 1 + 0.03 * chance.bell(), 1 - warmth} * (key / metered(picture));
  exposure.shoulder = chance.uniform(1.6, 4);
  exposure.contrast = chance.uniform(0.35, 1);
  exposure.vignette = chance.happens(0.5) ? chance.uniform(0, 0.45) : 0;
  develop(picture, exposure);
  if (chance.happens(0.55)) {
    const double amount = chance.uniform(0.2, 0.9);
    sharpen(picture, amount, chance.uniform(0.7, 1.4));
  }
  if (chance.happens(0.09)) {
    const double sepia = chance.happens(0.25) ? chance.uniform(0.03, 0.12) : 0;
    turn_grey(picture, {1 + sepia, 1, 1 - sepia});
  }
  const double grain = chance.log_uniform(0.004, dark ? 0.03 : 0.014);
  const double colour_grain = chance.log_uniform(0.002, 0.012);
  add_noise(picture, grain, colour_grain, chance.bits());
  Image image = to_bytes(picture);
  compress_like_jpeg(image, static_cast<int>(chance.uniform(55, 97)));
  return image;
}

}  // namespace throng::synth
