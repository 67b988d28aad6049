#include "synth/noise.h"

namespace throng::synth {

namespace {

double fade(double t) { return t * t * (3 - 2 * t); }

}  // namespace

double lattice(std::int64_t x, std::int64_t y, std::int64_t z, std::uint32_t seed) {
  std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8da6b343U ^ static_cast<std::uint32_t>(y) * 0xd8163841U ^
                    static_cast<std::uint32_t>(z) * 0xcb1ab31fU ^ seed * 0x9e3779b1U;
  h = (h ^ (h >> 15)) * 0x2c1b3c6dU;
  h = (h ^ (h >> 12)) * 0x297a2d39U;
  h ^= h >> 15;
  return static_cast<double>(h >> 8) * 0x1p-24;
}

double value_noise(const Vec3& p, std::uint32_t seed) {
  const double fx = std::floor(p.x);
  const double fy = std::floor(p.y);
  const double fz = std::floor(p.z);
  const auto x = static_cast<std::int64_t>(fx);
  const auto y = static_cast<std::int64_t>(fy);
  const auto z = static_cast<std::int64_t>(fz);
  const double u = fade(p.x - fx);
  const double v = fade(p.y - fy);
  const double w = fade(p.z - fz);
  const auto along_x = [&](std::int64_t yy, std::int64_t zz) {
    return mix_of(lattice(x, yy, zz, seed), lattice(x + 1, yy, zz, seed), u);
  };
  return mix_of(mix_of(along_x(y, z), along_x(y + 1, z), v), mix_of(along_x(y, z + 1), along_x(y + 1, z + 1), v), w);
}

double fractal_noise(const Vec3& p, std::uint32_t seed, int octaves) {
  double sum = 0;
  double weight = 0.5;
  double total = 0;
  Vec3 at = p;
  for (int octave = 0; octave < octaves; ++octave) {
    sum += weight * value_noise(at, seed + static_cast<std::uint32_t>(octave) * 101U);
    total += weight;
    weight *= 0.5;
    at = at * 2.03;
  }
  return total > 0 ? sum / total : 0.5;
}

}  // namespace throng::synth
