#include "data/density.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <numeric>

#include "golden/golden_files.h"
#include "throng/error.h"

namespace throng {
namespace {

double sum(const std::vector<float>& map) { return std::accumulate(map.begin(), map.end(), 0.0); }

float at(const std::vector<float>& map, int width, int x, int y) {
  return map[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
}

std::vector<Point> scattered(int count, int width, int height) {
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) {
    points.push_back({std::fmod(i * 37.31, width + 20) - 10, std::fmod(i * 53.77, height + 20) - 10});
  }
  return points;
}

TEST(DensityMap, InteriorHeadIsAGaussianAroundItsPixel) {
  // numpy: g = exp(-(arange(15) - 7)**2 / 32); g /= g.sum(); g[7]**2, g[0] * g[7]
  const std::vector<Point> points = {{21.0, 16.9}};
  const auto map = density_map(points, 41, 31);
  EXPECT_NEAR(at(map, 41, 20, 15), 0.011260478320230, 1e-9);
  EXPECT_NEAR(at(map, 41, 13, 15), 0.002435249222509, 1e-9);
  EXPECT_EQ(at(map, 41, 12, 15), 0.0F);
  EXPECT_EQ(at(map, 41, 20, 23), 0.0F);
  EXPECT_NEAR(sum(map), 1.0, 1e-6);
}

TEST(DensityMap, EveryPointCountsWhereverItLies) {
  const std::vector<Point> points = {{-1e9, 5}, {1e300, -3}, {0, 0}, {20, 30}, {19.99, 29.99}, {-0.5, 400}};
  for (const char* kernel : {"replaced", "clipped", "adaptive"}) {
    DensityConfig config;
    config.kernel = kernel;
    EXPECT_NEAR(sum(density_map(points, 20, 30, config)), 6.0, 1e-5) << kernel;
    EXPECT_NEAR(sum(density_map(points, 1, 1, config)), 6.0, 1e-5) << kernel;
    EXPECT_NEAR(sum(density_map(points, 3, 2, config)), 6.0, 1e-5) << kernel;
  }
}

TEST(DensityMap, CoordinatesFallIntoPixelsAsThePaperHasIt) {
  DensityConfig config;
  config.size = 1;  // the kernel is its pixel alone
  // min(W, max(1, |floor x|)) - 1 with W = 10
  const std::vector<std::pair<double, int>> cases = {{0.2, 0},  {1.0, 0},  {1.99, 0}, {2.0, 1},  {9.5, 8},
                                                     {10.0, 9}, {25.0, 9}, {-0.5, 0}, {-3.2, 3}, {-40.0, 9}};
  for (const auto& [x, column] : cases) {
    const auto map = density_map(std::vector<Point>{{x, 1}}, 10, 1, config);
    EXPECT_EQ(map[static_cast<std::size_t>(column)], 1.0F) << x;
  }
}

TEST(DensityMap, ReplacedKernelIsCentredOnTheClippedWindow) {
  // The corner's window is 8x8, so a fresh Gaussian with its peak between pixels 3 and 4.
  const std::vector<Point> points = {{1, 1}};
  const auto map = density_map(points, 40, 40);
  EXPECT_EQ(at(map, 40, 3, 3), at(map, 40, 4, 4));
  EXPECT_EQ(at(map, 40, 0, 2), at(map, 40, 7, 5));
  // numpy: g = exp(-(arange(8) - 3.5)**2 / 32); g /= g.sum(); g[0]**2, g[3]**2
  EXPECT_NEAR(at(map, 40, 0, 0), 0.009888699368546, 1e-9);
  EXPECT_NEAR(at(map, 40, 3, 3), 0.020934376727489, 1e-9);
  EXPECT_EQ(at(map, 40, 8, 0), 0.0F);
}

TEST(DensityMap, ClippedKernelKeepsItsPeakOnTheHead) {
  DensityConfig config;
  config.kernel = "clipped";
  const std::vector<Point> points = {{1, 1}};
  const auto map = density_map(points, 40, 40, config);
  // numpy: g = exp(-arange(8)**2 / 32); g /= g.sum(); g[0]**2, g[0] * g[7]
  EXPECT_NEAR(at(map, 40, 0, 0), 0.036814249523960, 1e-9);
  EXPECT_NEAR(at(map, 40, 7, 0), 0.007961639815016, 1e-9);
  EXPECT_NEAR(sum(map), 1.0, 1e-6);
}

TEST(DensityMap, AdaptiveSigmaIsAShareOfTheDistanceToThreeNeighbours) {
  DensityConfig config;
  config.kernel = "adaptive";
  // A square of side 20: each head's neighbours lie at 20, 20 and 20 sqrt 2; sigma = 0.3 * mean.
  const std::vector<Point> points = {{101, 101}, {121, 101}, {101, 121}, {121, 121}};
  const double sigma = 0.3 * (20 + 20 + 20 * std::sqrt(2.0)) / 3;
  const auto map = density_map(points, 220, 220, config);
  EXPECT_NEAR(sum(map), 4.0, 1e-5);
  // Beyond its neighbours' reach to the left: only the two left heads matter there, and they lie one above the other.
  const double peak = at(map, 220, 100 - 18, 100);
  const double lower = at(map, 220, 100 - 24, 100);
  const auto gauss = [&](double d) { return std::exp(-d * d / (2 * sigma * sigma)); };
  const double expected = (gauss(24) + gauss(44)) / (gauss(18) + gauss(38));
  EXPECT_NEAR(lower / peak, expected, 0.01);
}

TEST(DensityMap, AdaptiveSurvivesHeadsOnOneSpot) {
  DensityConfig config;
  config.kernel = "adaptive";
  const std::vector<Point> points(6, Point{10.5, 10.5});
  EXPECT_NEAR(sum(density_map(points, 30, 30, config)), 6.0, 1e-5);
}

TEST(DensityMap, WindowHoldsTheBitsOfTheWholeMap) {
  const int width = 131;
  const int height = 97;
  const auto points = scattered(400, width, height);
  for (const char* kernel : {"replaced", "clipped", "adaptive"}) {
    DensityConfig config;
    config.kernel = kernel;
    const auto whole = density_map(points, width, height, config);
    for (const Window& window :
         {Window{0, 0, 16, 16}, Window{50, 30, 33, 21}, Window{115, 90, 16, 7}, Window{5, 5, 0, 3}}) {
      const auto part = density_map(points, width, height, window, config);
      ASSERT_EQ(part.size(), static_cast<std::size_t>(window.width * window.height));
      for (int y = 0; y < window.height; ++y) {
        for (int x = 0; x < window.width; ++x) {
          ASSERT_EQ(at(part, window.width, x, y), at(whole, width, window.x + x, window.y + y))
              << kernel << " " << x << "," << y;
        }
      }
    }
  }
}

TEST(DensityMap, EmptySceneIsZero) { EXPECT_EQ(sum(density_map({}, 17, 9)), 0.0); }

TEST(DensityMap, RefusesEvenKernelsAndWindowsOutside) {
  DensityConfig even;
  even.size = 14;
  EXPECT_THROW(density_map({}, 10, 10, even), Error);
  EXPECT_THROW(density_map({}, 10, 10, Window{5, 0, 6, 5}), Error);
  EXPECT_THROW(density_map({}, 10, 10, Window{-1, 0, 2, 2}), Error);
}

/// GT_IMG_n's points are read with the importer elsewhere; here they come from the manifest that it makes.
std::vector<Point> points_of(const nlohmann::json& list) {
  std::vector<Point> points;
  for (const auto& pair : list) points.push_back({pair.at(0).get<double>(), pair.at(1).get<double>()});
  return points;
}

TEST(GoldenDensity, MapsOfGivenPoints) {
  int cases = 0;
  const auto files = golden::files("data_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("data_seed");
  for (const auto& file : files) {
    for (const auto& [name, numbers] : file.numbers().at("density").items()) {
      if (!numbers.at("points").is_array()) continue;
      const auto expected = file.tensor("density." + name);
      const int height = static_cast<int>(expected.shape.at(0));
      const int width = static_cast<int>(expected.shape.at(1));
      const auto map = density_map(points_of(numbers.at("points")), width, height);
      ASSERT_EQ(map.size(), expected.values.size());
      for (std::size_t i = 0; i < map.size(); ++i) ASSERT_NEAR(map[i], expected.values[i], 1e-6) << name << " " << i;
      EXPECT_NEAR(sum(map), numbers.at("sum").get<double>(), 1e-5);
      ++cases;
    }
  }
  std::cout << "golden: " << files.size() << " files, " << cases << " density maps of given points\n";
  EXPECT_GT(cases, 0);
}

}  // namespace
}  // namespace throng
