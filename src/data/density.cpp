#include "data/density.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

/// A separable kernel along one axis: `weights[i]` belongs to pixel `start + i`; the weights sum to 1.
struct Axis {
  int start = 0;
  std::span<const double> weights;

  int end() const { return start + static_cast<int>(weights.size()); }
};

std::vector<double> normalised(std::vector<double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// A Gaussian over 0 .. length - 1 with its centre at `centre`, sum 1.
std::vector<double> gaussian(int length, double centre, double sigma) {
  std::vector<double> weights(static_cast<std::size_t>(length));
  for (int i = 0; i < length; ++i) {
    const double z = (i - centre) / sigma;
    weights[static_cast<std::size_t>(i)] = std::exp(-0.5 * z * z);
  }
  return normalised(std::move(weights));
}

/// Where an annotation falls: min(length, max(1, |floor x|)) - 1. The absolute value reflects negative coordinates.
int pixel_of(double coordinate, int length) {
  return static_cast<int>(std::min<double>(length, std::max(1.0, std::abs(std::floor(coordinate))))) - 1;
}

/// Gives the weights of a fixed-size kernel along one axis. The few different ones are computed once.
class FixedAxes {
 public:
  FixedAxes(const DensityConfig& config, int length)
      : length_(length),
        radius_(static_cast<int>(config.size / 2)),
        replaced_(config.kernel == "replaced"),
        sigma_(config.sigma) {}

  int radius() const { return radius_; }

  Axis at(int pixel) {
    const int start = std::max(0, pixel - radius_);
    const int end = std::min(length_, pixel + radius_ + 1);
    const int size = end - start;
    // Where the window fits whole the two rules agree.
    const double centre = replaced_ ? (size - 1) / 2.0 : pixel - start;
    for (const Known& known : known_) {
      if (known.centre == centre && static_cast<int>(known.weights.size()) == size) return {start, known.weights};
    }
    known_.push_back({centre, gaussian(size, centre, sigma_)});
    return {start, known_.back().weights};
  }

 private:
  struct Known {
    double centre;
    std::vector<double> weights;
  };
  int length_;
  int radius_;
  bool replaced_;
  double sigma_;
  std::vector<Known> known_;
};

/// Adds one head's kernel to the part of the map inside `window`.
void add_kernel(std::vector<double>& map, const Window& window, const Axis& columns, const Axis& rows) {
  const int left = std::max(columns.start, window.x);
  const int right = std::min(columns.end(), window.x + window.width);
  const int bottom = std::min(rows.end(), window.y + window.height);
  for (int y = std::max(rows.start, window.y); y < bottom; ++y) {
    const double row_weight = rows.weights[static_cast<std::size_t>(y - rows.start)];
    double* row = map.data() + static_cast<std::size_t>(y - window.y) * static_cast<std::size_t>(window.width);
    for (int x = left; x < right; ++x)
      row[x - window.x] += row_weight * columns.weights[static_cast<std::size_t>(x - columns.start)];
  }
}

bool reaches(int pixel, int radius, int begin, int length) {
  return pixel + radius >= begin && pixel - radius < begin + length;
}

void add_fixed(std::vector<double>& map, std::span<const Point> points, int width, int height, const Window& window,
               const DensityConfig& config) {
  FixedAxes columns(config, width);
  FixedAxes rows(config, height);
  for (const Point& point : points) {
    const int x = pixel_of(point.x, width);
    const int y = pixel_of(point.y, height);
    if (!reaches(x, columns.radius(), window.x, window.width) || !reaches(y, rows.radius(), window.y, window.height))
      continue;
    add_kernel(map, window, columns.at(x), rows.at(y));
  }
}

/// Geometry-adaptive kernels (MCNN, Zhang et al. 2016): sigma = beta * mean distance to the k nearest heads.
constexpr int kNeighbours = 3;
constexpr double kBeta = 0.3;
constexpr double kSmallestSigma = 1.0;  ///< heads that lie on one another still need a width
constexpr double kTruncation = 4.0;     ///< windows reach this many sigma

/// The mean distance from points[sorted[at]] to its nearest heads, `sorted` being ordered by x; 0 when it is alone.
double mean_distance(std::span<const Point> points, const std::vector<std::size_t>& sorted, std::size_t at) {
  std::array<double, kNeighbours> nearest;
  nearest.fill(INFINITY);
  const Point& centre = points[sorted[at]];
  const auto look = [&](std::size_t other) {
    const double dx = points[sorted[other]].x - centre.x;
    if (std::abs(dx) >= nearest.back()) return false;
    double distance = std::hypot(dx, points[sorted[other]].y - centre.y);
    for (double& kept : nearest) {
      if (distance < kept) std::swap(distance, kept);
    }
    return true;
  };
  for (std::size_t i = at + 1; i < sorted.size() && look(i); ++i) {
  }
  for (std::size_t i = at; i > 0 && look(i - 1); --i) {
  }
  double sum = 0;
  int found = 0;
  for (const double distance : nearest) {
    if (std::isfinite(distance)) sum += distance, ++found;
  }
  return found ? sum / found : 0.0;
}

std::vector<double> adaptive_sigmas(std::span<const Point> points, double alone) {
  std::vector<std::size_t> sorted(points.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::size_t a, std::size_t b) { return points[a].x < points[b].x; });
  std::vector<double> sigmas(points.size(), alone);
  if (points.size() < 2) return sigmas;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sigmas[sorted[i]] = std::max(kSmallestSigma, kBeta * mean_distance(points, sorted, i));
  }
  return sigmas;
}

std::vector<double> clipped_gaussian(int pixel, int length, int radius, double sigma, int& start) {
  start = std::max(0, pixel - radius);
  return gaussian(std::min(length, pixel + radius + 1) - start, pixel - start, sigma);
}

void add_adaptive(std::vector<double>& map, std::span<const Point> points, int width, int height, const Window& window,
                  const DensityConfig& config) {
  const std::vector<double> sigmas = adaptive_sigmas(points, config.sigma);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const int x = pixel_of(points[i].x, width);
    const int y = pixel_of(points[i].y, height);
    const int radius = static_cast<int>(std::min(std::ceil(kTruncation * sigmas[i]), 1e6));
    if (!reaches(x, radius, window.x, window.width) || !reaches(y, radius, window.y, window.height)) continue;
    int left = 0;
    int top = 0;
    const auto columns = clipped_gaussian(x, width, radius, sigmas[i], left);
    const auto rows = clipped_gaussian(y, height, radius, sigmas[i], top);
    add_kernel(map, window, {left, columns}, {top, rows});
  }
}

void check(int width, int height, const Window& window) {
  const bool inside = window.x >= 0 && window.y >= 0 && window.width >= 0 && window.height >= 0 &&
                      window.width <= width - window.x && window.height <= height - window.y;
  if (!inside) {
    throw Error(ErrorKind::usage, text("the density window ", window.width, "x", window.height, " at (", window.x, ", ",
                                       window.y, ") does not lie inside the image of ", width, "x", height, " pixels"));
  }
}

}  // namespace

void validate(const DensityConfig& config) {
  if (config.size % 2 == 0 || config.size < 1) {
    throw Error(ErrorKind::usage, text("the density kernel's size is ", config.size, "; give an odd number of pixels"));
  }
}

std::vector<float> density_map(std::span<const Point> points, int width, int height, const Window& window,
                               const DensityConfig& config) {
  validate(config);
  check(width, height, window);
  // Summed in double and in the points' order, so that a window holds the bits of the whole map.
  std::vector<double> map(static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height));
  if (config.kernel == "adaptive") {
    add_adaptive(map, points, width, height, window, config);
  } else {
    add_fixed(map, points, width, height, window, config);
  }
  return {map.begin(), map.end()};
}

std::vector<float> density_map(std::span<const Point> points, int width, int height, const DensityConfig& config) {
  return density_map(points, width, height, {0, 0, width, height}, config);
}

}  // namespace throng
