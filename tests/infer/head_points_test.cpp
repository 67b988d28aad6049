#include "infer/head_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/draw.h"
#include "data/density.h"
#include "expect_error.h"
#include "metrics/localisation.h"

namespace throng {
namespace {

/// The map that a perfect network would give: the truth of training, summed over cells of 4 x 4 pixels.
DensityMap perfect_map(const std::vector<Point>& heads, int width, int height) {
  const std::vector<float> pixels = density_map(heads, width, height);
  DensityMap grid{(width + 3) / 4, (height + 3) / 4, {}};
  grid.values.resize(static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      grid.values[static_cast<std::size_t>((y / 4) * grid.width + x / 4)] +=
          pixels[static_cast<std::size_t>(y * width + x)];
    }
  }
  return grid;
}

std::vector<Point> points_of(const std::vector<HeadPoint>& heads) {
  std::vector<Point> points;
  for (const HeadPoint& head : heads) points.push_back({head.x, head.y});
  return points;
}

Localisation localise(const std::vector<Point>& heads, int width, int height, double radius) {
  LocalisationMeter meter(radius);
  meter.add(points_of(head_points(perfect_map(heads, width, height), width, height, std::ssize(heads))), heads);
  return meter.overall();
}

void expect_inside(const std::vector<HeadPoint>& heads, int width, int height) {
  for (const HeadPoint& head : heads) {
    EXPECT_TRUE(head.x >= 0 && head.x < static_cast<float>(width)) << head.x;
    EXPECT_TRUE(head.y >= 0 && head.y < static_cast<float>(height)) << head.y;
    EXPECT_TRUE(head.confidence >= 0 && head.confidence <= 1) << head.confidence;
  }
}

TEST(HeadPoints, HeadsThatStandApartAreFoundBetweenTheCells) {
  const std::vector<Point> heads = {{20.5, 20.5}, {61.5, 33.5}, {33.5, 70.5}, {90.5, 88.5}, {102.5, 17.5}};
  const std::vector<HeadPoint> points = head_points(perfect_map(heads, 120, 104), 120, 104, 5);
  ASSERT_EQ(points.size(), 5U);
  for (const Point& head : heads) {
    // The truth of training puts a head's kernel on the pixel before the annotation's.
    const bool found = std::ranges::any_of(
        points, [&](const HeadPoint& point) { return std::hypot(point.x - (head.x - 1), point.y - head.y) < 0.5; });
    EXPECT_TRUE(found) << head.x << ", " << head.y;
  }
  for (const HeadPoint& point : points) EXPECT_GT(point.confidence, 0.95);
}

TEST(HeadPoints, PeaksThatMergeAreTakenApart) {
  // Sixteen pixels apart are two peaks; ten are one hill, which is wide.
  for (const double apart : {16.0, 10.0}) {
    const std::vector<Point> heads = {{50.5, 40.5}, {50.5 + apart, 40.5}};
    const Localisation figures = localise(heads, 120, 80, apart == 16 ? 1.5 : 3);
    EXPECT_EQ(figures.matched, 2) << apart;
  }
}

TEST(HeadPoints, ACrowdIsFoundHeadByHead) {
  // A jittered lattice, about 14 pixels apart.
  const Draw draw(3, "crowd");
  std::vector<Point> heads;
  for (std::uint64_t i = 0; i < 600; ++i) {
    heads.push_back({20 + 14 * static_cast<double>(i % 30) + 6 * draw.uniform(2 * i),
                     20 + 14 * static_cast<double>(i / 30) + 6 * draw.uniform(2 * i + 1)});
  }
  const Localisation figures = localise(heads, 470, 330, 4);
  EXPECT_EQ(figures.found, 600);
  EXPECT_GT(figures.f1(), 0.97);
}

TEST(HeadPoints, AreExactlyAsManyAsAskedForAndInside) {
  const Draw draw(1, "noise");
  for (const auto& [width, height] : {std::pair{64, 48}, {61, 35}, {16, 300}, {5, 7}, {1, 1}}) {
    DensityMap grid{(width + 3) / 4, (height + 3) / 4, {}};
    for (int i = 0; i < grid.width * grid.height; ++i) {
      grid.values.push_back(static_cast<float>(draw.uniform(static_cast<std::uint64_t>(i)) - 0.3));
    }
    grid.values[0] = std::numeric_limits<float>::quiet_NaN();
    for (const std::int64_t people : {0, 1, 2, 17, 500}) {
      const std::vector<HeadPoint> points = head_points(grid, width, height, people);
      EXPECT_EQ(std::ssize(points), people);
      expect_inside(points, width, height);
      EXPECT_TRUE(std::ranges::is_sorted(points, std::ranges::greater{}, &HeadPoint::confidence));
      EXPECT_EQ(points_of(points), points_of(head_points(grid, width, height, people))) << "the same again";
    }
  }
  EXPECT_TRUE(head_points({}, 0, 0, -3).empty());
}

TEST(HeadPoints, EachRegionGetsItsPeople) {
  // 200 people on the left, packed until their kernels merge, and 20 on the right, with a gap between.
  const Draw draw(5, "regions");
  std::vector<Point> heads;
  for (std::uint64_t i = 0; i < 220; ++i) {
    const bool left = i < 200;
    heads.push_back({(left ? 10 : 220) + (left ? 160 : 180) * draw.uniform(2 * i), 10 + 180 * draw.uniform(2 * i + 1)});
  }
  const std::vector<HeadPoint> points = head_points(perfect_map(heads, 410, 200), 410, 200, 220);
  const auto left = std::ranges::count_if(points, [](const HeadPoint& point) { return point.x < 195; });
  EXPECT_NEAR(static_cast<double>(left), 200, 2);
}

TEST(HeadPoints, ConfidenceIsHowMuchOfAPersonIsThere) {
  DensityMap grid = perfect_map({{40.5, 40.5}, {120.5, 40.5}}, 160, 80);
  for (int y = 0; y < 20; ++y) {
    for (int x = 20; x < 40; ++x) grid.values[static_cast<std::size_t>(y * 40 + x)] *= 0.4f;
  }
  const std::vector<HeadPoint> points = head_points(grid, 160, 80, 2);
  EXPECT_NEAR(points[0].x, 40, 1);
  EXPECT_NEAR(points[0].confidence, 1, 0.05);
  EXPECT_NEAR(points[1].x, 120, 1);
  EXPECT_NEAR(points[1].confidence, 0.4, 0.05);
}

TEST(HeadPoints, CellsAreThoseThatTheNetworkMade) {
  // 357 pixels are 90 cells of 4, the last of which covers one pixel; 89 where the network cuts it off.
  for (const int cells : {90, 89}) {
    DensityMap grid{cells, 20, std::vector<float>(static_cast<std::size_t>(cells) * 20)};
    grid.values[static_cast<std::size_t>(10 * cells + 80)] = 1;
    EXPECT_NEAR(head_points(grid, 357, 80, 1)[0].x, 4 * 80.5, 0.01) << cells;
  }
}

TEST(HeadPoints, WhatCannotBeDoneIsAnError) {
  expect_error(ErrorKind::failure, {"20000000 people"}, [] { head_points({1, 1, {1}}, 4, 4, 20'000'000); });
  expect_error(ErrorKind::failure, {"2 x 2 cells", "3 values"}, [] { head_points({2, 2, {1, 1, 1}}, 8, 8, 1); });
}

}  // namespace
}  // namespace throng
