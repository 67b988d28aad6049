#include <array>

#include "synth/lens.h"

namespace throng::synth {

namespace {

constexpr int kSide = 8;
using Block = std::array<float, 64>;

/// Steps of the JPEG standard's annex K at quality 50.
constexpr std::array<int, 64> kLuminance = {16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
                                            14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
                                            18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
                                            49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
constexpr int colour_step(int i) {
  constexpr std::array<int, 64> kFirst = {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
                                          24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99};
  return i < 32 ? kFirst[static_cast<std::size_t>(i)] : 99;
}

/// cosines[k][n] = c(k) cos((2n + 1) k pi / 16) / 2: an orthonormal basis.
struct Cosines {
  float value[kSide][kSide];
  Cosines() {
    for (int k = 0; k < kSide; ++k) {
      for (int n = 0; n < kSide; ++n) {
        const int steps = (2 * n + 1) * k % 32;  // of pi / 16
        static constexpr double kTable[9] = {1.0,
                                             0.98078528040323043,
                                             0.92387953251128674,
                                             0.83146961230254524,
                                             0.70710678118654752,
                                             0.55557023301960222,
                                             0.38268343236508977,
                                             0.19509032201612827,
                                             0.0};
        const int folded = steps > 16 ? 32 - steps : steps;
        const double c = folded <= 8 ? kTable[folded] : -kTable[16 - folded];
        value[k][n] = static_cast<float>(c * (k == 0 ? 0.35355339059327376 : 0.5));
      }
    }
  }
};

void transform(Block& block, bool forward) {
  static const Cosines cosines;
  Block half{};
  for (int r = 0; r < kSide; ++r) {
    for (int k = 0; k < kSide; ++k) {
      float sum = 0;
      for (int n = 0; n < kSide; ++n)
        sum += block[r * kSide + n] * (forward ? cosines.value[k][n] : cosines.value[n][k]);
      half[r * kSide + k] = sum;
    }
  }
  for (int c = 0; c < kSide; ++c) {
    for (int k = 0; k < kSide; ++k) {
      float sum = 0;
      for (int n = 0; n < kSide; ++n)
        sum += half[n * kSide + c] * (forward ? cosines.value[k][n] : cosines.value[n][k]);
      block[k * kSide + c] = sum;
    }
  }
}

/// One colour plane.
struct Plane {
  int width;
  int height;
  std::vector<float> values;
  Plane(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float& at(int x, int y) {
    return values[static_cast<std::size_t>(std::min(y, height - 1)) * width +
                  static_cast<std::size_t>(std::min(x, width - 1))];
  }
};

void quantise(Plane& plane, const Block& steps) {
  for (int top = 0; top < plane.height; top += kSide) {
    for (int left = 0; left < plane.width; left += kSide) {
      Block block;
      for (int i = 0; i < 64; ++i) block[i] = plane.at(left + i % kSide, top + i / kSide);
      transform(block, true);
      for (int i = 0; i < 64; ++i) block[i] = std::floor(block[i] / steps[i] + 0.5F) * steps[i];
      transform(block, false);
      for (int i = 0; i < 64; ++i) {
        if (left + i % kSide < plane.width && top + i / kSide < plane.height) {
          plane.at(left + i % kSide, top + i / kSide) = block[i];
        }
      }
    }
  }
}

std::uint8_t to_byte(float v) { return static_cast<std::uint8_t>(std::clamp(v + 0.5F, 0.0F, 255.0F)); }

}  // namespace

void compress_like_jpeg(Image& image, int quality) {
  const int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  Block luminance_steps;
  Block colour_steps;
  for (int i = 0; i < 64; ++i) {
    const auto scaled = [&](int step) { return static_cast<float>(std::clamp((step * scale + 50) / 100, 1, 255)); };
    luminance_steps[i] = scaled(kLuminance[static_cast<std::size_t>(i)]);
    colour_steps[i] = scaled(colour_step(i));
  }
  Plane luma(image.width, image.height);
  Plane blue((image.width + 1) / 2, (image.height + 1) / 2);
  Plane red(blue.width, blue.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* p = image.pixel(x, y);
      const float v = 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
      luma.at(x, y) = v - 128;
      if (x % 2 == 0 && y % 2 == 0) {
        blue.at(x / 2, y / 2) = 0.564F * (p[2] - v);
        red.at(x / 2, y / 2) = 0.713F * (p[0] - v);
      }
    }
  }
  quantise(luma, luminance_steps);
  quantise(blue, colour_steps);
  quantise(red, colour_steps);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const float v = luma.at(x, y) + 128;
      const float cb = blue.at(x / 2, y / 2);
      const float cr = red.at(x / 2, y / 2);
      std::uint8_t* p = image.pixel(x, y);
      p[0] = to_byte(v + 1.402F * cr);
      p[1] = to_byte(v - 0.344F * cb - 0.714F * cr);
      p[2] = to_byte(v + 1.772F * cb);
    }
  }
}

}  // namespace throng::synth
