#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "data/manifest.h"
#include "metrics/levels.h"

namespace throng {

/// How far a point may lie from the head that it is taken to mean, pixels.
inline constexpr double kHeadRadius = 8;

/// Points that were found beside those that were annotated, matched one to one.
struct Localisation {
  std::int64_t matched = 0;  ///< found points that have a head, which is as many as heads that have a point
  std::int64_t found = 0;
  std::int64_t annotated = 0;

  double precision() const;  ///< matched / found; not a number where nothing was found
  double recall() const;     ///< matched / annotated; not a number where nobody was annotated
  double f1() const;         ///< their harmonic mean, 2 matched / (found + annotated)

  Localisation& operator+=(const Localisation& other);
};

/// For each found point the index of the head that it is matched with, or -1. Pairs lie at most `radius` apart, and
/// there are as many of them as there can be (maximum matching, Hopcroft and Karp 1973).
std::vector<std::int64_t> match_points(std::span<const Point> found, std::span<const Point> annotated, double radius);

/// Heads around a place, its own included, by the annotations, per 100 x 100 pixels: `low` to below `high`.
struct CrowdDensity {
  const char* name;
  double low;
  double high;
};

/// Heads stand about 100 / sqrt(density) pixels apart: 32, 18 and 10 pixels at the bounds.
inline constexpr std::array kCrowdDensities = {
    CrowdDensity{"sparse", 0, 10},
    CrowdDensity{"medium", 10, 30},
    CrowdDensity{"dense", 30, 100},
    CrowdDensity{"packed", 100, std::numeric_limits<double>::infinity()},
};

/// Gathers pictures one by one; all points weigh the same.
class LocalisationMeter {
 public:
  explicit LocalisationMeter(double radius = kHeadRadius) : radius_(radius) {}

  /// Gives the picture's own figures.
  Localisation add(std::span<const Point> found, std::span<const Point> annotated);

  double radius() const { return radius_; }
  Localisation overall() const;
  /// Of pictures by their true count, in the order of kCountLevels.
  std::span<const Localisation> by_level() const { return by_level_; }
  /// Of places by how dense the annotated crowd is there, in the order of kCrowdDensities. A pair belongs where its
  /// head is; a found point without a head, where it lies itself.
  std::span<const Localisation> by_density() const { return by_density_; }

 private:
  double radius_;
  std::array<Localisation, kCountLevels.size()> by_level_;
  std::array<Localisation, kCrowdDensities.size()> by_density_;
};

}  // namespace throng
