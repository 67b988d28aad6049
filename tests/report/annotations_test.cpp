#include "report/annotations.h"

#include <cmath>

#include "expect_error.h"
#include "image/draw.h"

namespace throng {
namespace {

constexpr Colour kInside = {235, 30, 70};
constexpr Colour kOutside = {0, 190, 255};

Colour colour_at(const Image& image, int x, int y) {
  const std::uint8_t* pixel = image.pixel(x, y);
  return {pixel[0], pixel[1], pixel[2]};
}

int count_of(const Image& image, Colour colour) {
  int count = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) count += colour_at(image, x, y) == colour;
  }
  return count;
}

TEST(Annotations, DotsLieOnTheirPoints) {
  const std::vector<Point> points = {{100.5, 50.5}, {400.5, 300.5}};
  const Image image = draw_annotations(filled_image(600, 400, {10, 10, 10}), points);
  EXPECT_EQ(colour_at(image, 100, 50), kInside);
  EXPECT_EQ(colour_at(image, 400, 300), kInside);
  EXPECT_EQ(colour_at(image, 250, 200), (Colour{10, 10, 10}));
  EXPECT_EQ(count_of(image, kOutside), 0);
}

TEST(Annotations, DotsMoveWithAnEnlargedPicture) {
  const std::vector<Point> points = {{1.5, 0.5}};  // the second of four pixels, each 120 wide in the view
  const Image image = draw_annotations(filled_image(4, 4, {10, 10, 10}), points);
  EXPECT_EQ(colour_at(image, 180, 60), kInside);
}

TEST(Annotations, PointsOutsideAreShownAtTheEdge) {
  const std::vector<Point> points = {{-30, 200}, {600, 400}, {300, 1e9}, {300, 100}};
  const Image image = draw_annotations(filled_image(600, 400, {10, 10, 10}), points);
  EXPECT_EQ(colour_at(image, 0, 200), kOutside);
  EXPECT_EQ(colour_at(image, 300, 399), kOutside);
  EXPECT_EQ(colour_at(image, 300, 100), kInside);
}

TEST(Annotations, TheDensityLiesBelowTheDots) {
  const Image picture = filled_image(600, 400, {200, 200, 200});
  DensityMap grid{.width = 6, .height = 4, .values = std::vector<float>(24)};
  grid.values[7] = 1;
  const Image image = draw_annotations(picture, std::vector<Point>{{150, 150}}, &grid);
  EXPECT_EQ(colour_at(image, 150, 150), kInside);
  EXPECT_EQ(colour_at(image, 550, 350), (Colour{140, 140, 140}));
  EXPECT_GT(image.pixel(160, 160)[1], image.pixel(160, 160)[2] + 50) << "the crowd's cell is green to yellow";
}

TEST(Annotations, ThousandsOfPointsStayDots) {
  std::vector<Point> points;
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 60; ++x) points.push_back({10.0 * x + 5, 10.0 * y + 5});
  }
  const Image image = draw_annotations(filled_image(600, 400, {10, 10, 10}), points);
  for (const Point& point : points) {
    ASSERT_EQ(colour_at(image, static_cast<int>(point.x) + 5 - 1, static_cast<int>(point.y) + 5 - 1),
              (Colour{10, 10, 10}));
  }
}

TEST(Annotations, NonsenseCoordinatesAreNotDrawn) {
  const double nan = std::nan("");
  const Image image = draw_annotations(filled_image(600, 400, {10, 10, 10}), std::vector<Point>{{nan, 5}, {nan, nan}});
  EXPECT_EQ(count_of(image, kInside) + count_of(image, kOutside), 0);
}

TEST(Annotations, AnEmptyPictureAndAWrongGridAreErrors) {
  expect_error(ErrorKind::failure, {"without pixels"}, [] { draw_annotations({}, {}); });
  const DensityMap grid{.width = 2, .height = 2, .values = {1}};
  expect_error(ErrorKind::failure, {"2 x 2 cells"}, [&] {
    draw_annotations(filled_image(9, 9, {0, 0, 0}), {}, &grid);
  });
}

}  // namespace
}  // namespace throng
