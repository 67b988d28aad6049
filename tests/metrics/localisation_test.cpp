#include "metrics/localisation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/draw.h"

namespace throng {
namespace {

double distance(const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y); }

std::int64_t matched(const std::vector<std::int64_t>& heads) {
  return std::ssize(heads) - std::ranges::count(heads, -1);
}

/// The most pairs there can be, by trying everything: point `at` takes each free head near it, or none.
std::int64_t most_pairs(const std::vector<Point>& found, const std::vector<Point>& annotated, double radius,
                        std::size_t at = 0, unsigned taken = 0) {
  if (at == found.size()) return 0;
  std::int64_t best = most_pairs(found, annotated, radius, at + 1, taken);
  for (std::size_t head = 0; head < annotated.size(); ++head) {
    if ((taken >> head & 1U) != 0 || distance(found[at], annotated[head]) > radius) continue;
    best = std::max(best, 1 + most_pairs(found, annotated, radius, at + 1, taken | 1U << head));
  }
  return best;
}

std::vector<Point> scattered(std::uint64_t seed, const char* purpose, std::size_t number, double side) {
  const Draw draw(seed, purpose);
  std::vector<Point> points;
  for (std::size_t i = 0; i < number; ++i) {
    points.push_back({side * draw.uniform(2 * i) - side / 4, side * draw.uniform(2 * i + 1) - side / 4});
  }
  return points;
}

TEST(MatchPoints, GivesWayWhereThatMakesMorePairs) {
  // The point in the middle is nearest to the head in the middle, which is the only one for the point on the left.
  const std::vector<Point> found = {{10, 0}, {2, 0}};
  const std::vector<Point> annotated = {{9, 0}, {17, 0}};
  EXPECT_EQ(match_points(found, annotated, 8), (std::vector<std::int64_t>{1, 0}));
}

TEST(MatchPoints, OneToOneAndTheRadiusIncluded) {
  const std::vector<Point> one = {{0, 0}};
  EXPECT_EQ(match_points(one, std::vector<Point>{{0, 8}}, 8)[0], 0);
  EXPECT_EQ(match_points(one, std::vector<Point>{{0, 8.001}}, 8)[0], -1);
  EXPECT_EQ(match_points(one, std::vector<Point>{{6, 6}}, 8)[0], -1) << "8.49 apart";
  const std::vector<Point> twice = {{1, 1}, {1, 1}};
  EXPECT_EQ(matched(match_points(twice, one, 8)), 1);
  EXPECT_EQ(matched(match_points(twice, twice, 8)), 2);
  EXPECT_TRUE(match_points({}, one, 8).empty());
  EXPECT_EQ(match_points(one, {}, 8)[0], -1);
}

TEST(MatchPoints, ThereAreNoMorePairsThanFound) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const std::vector<Point> found = scattered(seed, "found", 7, 40);
    const std::vector<Point> annotated = scattered(seed, "annotated", 8, 40);
    const double radius = 4 + static_cast<double>(seed % 9);
    const std::vector<std::int64_t> heads = match_points(found, annotated, radius);
    EXPECT_EQ(matched(heads), most_pairs(found, annotated, radius)) << seed;
    std::set<std::int64_t> taken;
    for (std::size_t i = 0; i < heads.size(); ++i) {
      if (heads[i] < 0) continue;
      EXPECT_TRUE(taken.insert(heads[i]).second) << seed;
      EXPECT_LE(distance(found[i], annotated[static_cast<std::size_t>(heads[i])]), radius) << seed;
    }
  }
}

TEST(MatchPoints, AChainIsPulledAlongItsWholeLength) {
  // Point i reaches heads i and i + 1 and prefers the latter, except the last, which reaches its own only.
  constexpr int kLinks = 20000;
  std::vector<Point> found, annotated;
  for (int i = 0; i < kLinks; ++i) {
    annotated.push_back({10.0 * i, 0});
    found.push_back({10.0 * i + (i + 1 < kLinks ? 5.5 : -1.0), 0});
  }
  EXPECT_EQ(matched(match_points(found, annotated, 6)), kLinks);
}

TEST(Localisation, FiguresByHand) {
  const Localisation figures{.matched = 6, .found = 8, .annotated = 10};
  EXPECT_DOUBLE_EQ(figures.precision(), 0.75);
  EXPECT_DOUBLE_EQ(figures.recall(), 0.6);
  EXPECT_DOUBLE_EQ(figures.f1(), 2 * 0.75 * 0.6 / (0.75 + 0.6));
  EXPECT_TRUE(std::isnan(Localisation{}.precision()));
  EXPECT_TRUE(std::isnan(Localisation{}.f1()));
  EXPECT_EQ((Localisation{.matched = 0, .found = 0, .annotated = 3}.recall()), 0);
}

TEST(LocalisationMeter, AddsPicturesUpByTheirCount) {
  LocalisationMeter meter;
  const std::vector<Point> crowd(51, Point{5, 5});
  const std::vector<Point> found = {{5, 5}, {5, 12}, {50, 5}};
  const Localisation first = meter.add(found, std::vector<Point>{{5, 5}, {6, 6}});
  EXPECT_EQ(first.matched, 2);
  EXPECT_EQ(first.found, 3);
  EXPECT_EQ(first.annotated, 2);
  meter.add(std::vector<Point>(50, Point{0, 0}), crowd);
  EXPECT_EQ(meter.by_level()[0].matched, 2);
  EXPECT_EQ(meter.by_level()[1].matched, 50);
  EXPECT_EQ(meter.by_level()[1].annotated, 51);
  EXPECT_EQ(meter.by_level()[2].annotated, 0);
  EXPECT_EQ(meter.overall().matched, 52);
  EXPECT_EQ(meter.overall().found, 53);
  EXPECT_EQ(meter.overall().annotated, 53);
}

TEST(LocalisationMeter, SortsPlacesByTheCrowdAroundThem) {
  // Twelve heads together, within 56.4 pixels of one another, and one alone; points at three of the twelve, a wrong
  // one among them beyond every head's reach, one at the lonely head, and one where nobody is.
  std::vector<Point> annotated;
  for (int i = 0; i < 12; ++i) annotated.push_back({100.0 + 10 * (i % 4), 100.0 + 10 * (i / 4)});
  annotated.push_back({500, 500});
  const std::vector<Point> found = {{100, 100}, {110, 100}, {120, 100}, {115, 140}, {501, 501}, {300, 300}};
  LocalisationMeter meter;
  meter.add(found, annotated);
  const auto densities = meter.by_density();
  ASSERT_EQ(densities.size(), 4U);
  EXPECT_EQ(densities[0].annotated, 1);
  EXPECT_EQ(densities[0].found, 2);
  EXPECT_EQ(densities[0].matched, 1);
  EXPECT_EQ(densities[1].annotated, 12);
  EXPECT_EQ(densities[1].found, 4);
  EXPECT_EQ(densities[1].matched, 3);
  EXPECT_EQ(densities[2].annotated + densities[2].found + densities[3].annotated + densities[3].found, 0);
}

TEST(LocalisationMeter, TheDensityIsPeopleWithinTheAreaOf100x100Pixels) {
  // So many heads in one place, and which level that is.
  const std::pair<std::int64_t, std::size_t> cases[] = {{1, 0}, {9, 0}, {10, 1}, {29, 1}, {30, 2}, {99, 2}, {100, 3}};
  for (const auto& [heads, level] : cases) {
    LocalisationMeter meter;
    meter.add({}, std::vector<Point>(static_cast<std::size_t>(heads), Point{-40, 7}));
    EXPECT_EQ(meter.by_density()[level].annotated, heads) << heads;
  }
  // pi 56.4^2 is just below 10,000: of ten heads, nine in one place, each sees all in the first picture only.
  for (const double apart : {56.4, 56.45}) {
    std::vector<Point> annotated(9, Point{0, 0});
    annotated.push_back({0, apart});
    LocalisationMeter meter;
    meter.add({}, annotated);
    EXPECT_EQ(meter.by_density()[1].annotated, apart < 56.42 ? 10 : 0) << apart;
  }
}

}  // namespace
}  // namespace throng
