#include "infer/working_scale.h"

#include <array>
#include <cstddef>
#include <span>

namespace throng {

namespace {

constexpr std::array kLarger = {1.0, 1.41, 2.0, 2.83, 4.0};
constexpr std::array kSmaller = {1.0, 0.71, 0.5, 0.35, 0.25};

// Of the count, by one step and by two: what the next step takes back was chance.
struct Growth {
  double by_one;
  double by_two;
};
constexpr Growth kEnlarged{1.1, 1.2};  // an enlarged copy has a texture of its own, which may be counted
constexpr Growth kShrunk{1.05, 1.1};

constexpr double kFewPeople = 2;               // that chance may add to a picture without any
constexpr double kLearnedPixels = 1024 * 768;  // of a picture that networks learn from, as most are
constexpr double kCrowded = 100;               // pixels for a person

/// The last of `factors` up to which every step may be made and makes the count grow.
template <class Allowed>
double climb(std::span<const double> factors, const Growth& growth, const ScaleSearch& search, const Allowed& allowed) {
  const auto possible = [&](std::size_t i) {
    return i < factors.size() && allowed(factors[i - 1], factors[i]) && search.affordable(factors[i]);
  };
  std::size_t reached = 0;
  while (possible(reached + 1)) {
    const double people = search.count(factors[reached]);
    if (!(search.count(factors[reached + 1]) > growth.by_one * people + kFewPeople)) break;
    if (possible(reached + 2) && !(search.count(factors[reached + 2]) > growth.by_two * people + kFewPeople)) break;
    ++reached;
  }
  return factors[reached];
}

}  // namespace

double working_scale(std::int64_t pixels, const ScaleSearch& search) {
  if (!(search.count(1) >= kFewPeople)) return 1;
  const auto pixels_at = [pixels](double factor) { return static_cast<double>(pixels) * factor * factor; };
  const double larger = climb(kLarger, kEnlarged, search, [&](double scale, double next) {
    return pixels_at(next) <= kLearnedPixels && kCrowded * search.count(scale) <= pixels_at(scale);
  });
  if (larger > 1) return larger;
  return climb(kSmaller, kShrunk, search, [&](double scale, double) { return pixels_at(scale) > kLearnedPixels; });
}

bool unusual_size(std::int64_t pixels) {
  const auto number = static_cast<double>(pixels);
  return number < kLearnedPixels / 2 || number > kLearnedPixels * 2;
}

}  // namespace throng
