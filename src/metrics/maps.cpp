#include "metrics/maps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kReach = 5;  // of the 11x11 window
constexpr double kSigma = 1.5;
constexpr double kLuminance = 0.01 * 0.01, kContrast = 0.03 * 0.03;

void check_maps(std::span<const float> predicted, std::span<const float> truth, int width, int height) {
  const auto pixels = static_cast<std::size_t>(std::max(width, 0)) * static_cast<std::size_t>(std::max(height, 0));
  if (pixels > 0 && predicted.size() == pixels && truth.size() == pixels) return;
  throw Error(ErrorKind::usage, text("maps of ", predicted.size(), " and ", truth.size(), " values do not both have ",
                                     width, "x", height, ": pass width * height values, row by row"));
}

double largest(std::span<const float> map) { return map.empty() ? 0.0 : *std::max_element(map.begin(), map.end()); }

std::array<double, 2 * kReach + 1> gaussian() {
  std::array<double, 2 * kReach + 1> weights{};
  double place = -kReach;
  for (double& weight : weights) {
    weight = std::exp(-place * place / (2 * kSigma * kSigma));
    place += 1;
  }
  return weights;
}

// One pass of the separable window along rows or columns; weights that fall outside are left out.
std::vector<double> smooth(const std::vector<double>& map, int width, int height, bool along_rows) {
  static const auto weights = gaussian();
  std::vector<double> out(map.size());
  const int length = along_rows ? width : height;
  const std::ptrdiff_t step = along_rows ? 1 : width;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::ptrdiff_t here = static_cast<std::ptrdiff_t>(y) * width + x;
      const int place = along_rows ? x : y;
      double sum = 0, total = 0;
      for (std::ptrdiff_t i = std::max(-kReach, -place); i <= std::min(kReach, length - 1 - place); ++i) {
        const double weight = weights[static_cast<std::size_t>(i + kReach)];
        sum += weight * map[static_cast<std::size_t>(here + i * step)];
        total += weight;
      }
      out[static_cast<std::size_t>(here)] = sum / total;
    }
  }
  return out;
}

std::vector<double> windowed(std::vector<double> map, int width, int height) {
  return smooth(smooth(map, width, height, true), width, height, false);
}

}  // namespace

double psnr(std::span<const float> predicted, std::span<const float> truth, int width, int height) {
  check_maps(predicted, truth, width, height);
  double squares = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = static_cast<double>(predicted[i]) - truth[i];
    squares += error * error;
  }
  if (squares == 0) return std::numeric_limits<double>::infinity();
  const double peak = largest(truth);
  return peak > 0 ? 10 * std::log10(peak * peak * static_cast<double>(truth.size()) / squares) : 0.0;
}

double ssim(std::span<const float> predicted, std::span<const float> truth, int width, int height) {
  check_maps(predicted, truth, width, height);
  const double peak = largest(truth);
  const double unit = peak > 0 ? 1.0 / peak : 1.0;
  std::vector<double> a(truth.size()), b(a), aa(a), bb(a), ab(a);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = predicted[i] * unit;
    b[i] = truth[i] * unit;
    aa[i] = a[i] * a[i];
    bb[i] = b[i] * b[i];
    ab[i] = a[i] * b[i];
  }
  for (std::vector<double>* map : {&a, &b, &aa, &bb, &ab}) *map = windowed(std::move(*map), width, height);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double variance_a = aa[i] - a[i] * a[i], variance_b = bb[i] - b[i] * b[i], covariance = ab[i] - a[i] * b[i];
    sum += (2 * a[i] * b[i] + kLuminance) * (2 * covariance + kContrast) /
           ((a[i] * a[i] + b[i] * b[i] + kLuminance) * (variance_a + variance_b + kContrast));
  }
  return sum / static_cast<double>(a.size());
}

ForegroundCounts foreground_counts(std::span<const float> predicted, std::span<const float> truth, double threshold) {
  if (predicted.size() != truth.size()) {
    throw Error(ErrorKind::usage, text("foreground: the predicted map has ", predicted.size(),
                                       " values and the true one ", truth.size(), ": pass maps of one size"));
  }
  ForegroundCounts counts;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (!(truth[i] > threshold)) continue;
    counts.predicted += predicted[i];
    counts.truth += truth[i];
  }
  return counts;
}

}  // namespace throng
