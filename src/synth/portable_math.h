#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

// Arithmetic that gives the same bits on every machine: only + - * / sqrt floor frexp ldexp, which IEEE 754 fixes. The
// library's sin, exp and log differ in the last bit from one libm to the next, and a scene must not. The room is
// compiled without contraction of a * b + c for the same reason.
namespace throng::synth {

struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;

  Vec3& operator+=(const Vec3& b) {
    x += b.x;
    y += b.y;
    z += b.z;
    return *this;
  }
};

inline Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(const Vec3& a, double k) { return {a.x * k, a.y * k, a.z * k}; }
inline Vec3 operator*(const Vec3& a, const Vec3& b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
inline double dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(const Vec3& a) { return std::sqrt(dot(a, a)); }
inline Vec3 unit(const Vec3& a) { return a * (1.0 / std::max(length(a), 1e-12)); }

inline double mix_of(double a, double b, double share) { return a + (b - a) * share; }
inline Vec3 mix_of(const Vec3& a, const Vec3& b, double share) { return a + (b - a) * share; }
inline double clamp01(double v) { return std::min(1.0, std::max(0.0, v)); }
/// 0 below `low`, 1 above `high`, smooth between; low > high turns it round.
inline double smooth_step(double low, double high, double v) {
  const double t = clamp01((v - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/// exp(v) to about 1e-9.
inline double exponential(double v) {
  const double scaled = std::min(700.0, std::max(-700.0, v)) * 1.4426950408889634;
  const double whole = std::floor(scaled + 0.5);
  const double r = (scaled - whole) * 0.6931471805599453;
  const double series =
      1 + r * (1 + r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r / 5040))))));
  return std::ldexp(series, static_cast<int>(whole));
}

/// Natural logarithm of a positive number to about 1e-8.
inline double logarithm(double v) {
  int exponent = 0;
  const double m = std::frexp(v, &exponent);
  const double s = (m - 0.75) / (m + 0.75);
  const double q = s * s;
  const double series = 2 * s * (1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q / 9))));
  return series + exponent * 0.6931471805599453 - 0.2876820724517809;
}

/// Cosine and sine of an angle in radians, exactly of unit length up to rounding.
struct Direction {
  double cosine = 1;
  double sine = 0;
};
inline double rough_sine(double turns) {
  const double t = turns - std::floor(turns + 0.5);
  const double s = 8 * t - 16 * t * std::fabs(t);
  return s + 0.225 * (s * std::fabs(s) - s);
}
inline Direction direction(double radians) {
  const double turns = radians * 0.15915494309189535;
  const double c = rough_sine(turns + 0.25);
  const double s = rough_sine(turns);
  const double scale = 1.0 / std::sqrt(c * c + s * s);
  return {c * scale, s * scale};
}
inline constexpr double kDegree = 0.017453292519943295;

/// A linear map; rows act on a vector by dot products.
struct Mat3 {
  std::array<Vec3, 3> row;

  Vec3 operator*(const Vec3& v) const { return {dot(row[0], v), dot(row[1], v), dot(row[2], v)}; }
  Vec3 transposed_times(const Vec3& v) const { return row[0] * v.x + row[1] * v.y + row[2] * v.z; }
};

}  // namespace throng::synth
