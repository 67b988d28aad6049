#include "report/annotations.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "image/draw.h"
#include "report/heatmap.h"
#include "report/view.h"

namespace throng {
namespace {

constexpr Colour kInside = {235, 30, 70};
constexpr Colour kOutside = {0, 190, 255};
constexpr Colour kRing = {255, 255, 255};

bool lies_inside(const Point& point, const Image& picture) {
  return point.x >= 0 && point.y >= 0 && point.x < picture.width && point.y < picture.height;
}

/// Small enough that the dots of a crowd stay apart, and large enough to be seen.
double dot_radius(const Image& view, std::size_t points) {
  const double spacing = std::sqrt(static_cast<double>(view.width) * view.height / std::max<double>(1, points));
  const double longest = std::max(view.width, view.height);
  return std::clamp(spacing / 14, std::max(1.2, longest / 800), std::max(1.2, longest / 220));
}

void draw_point(Image& view, const Image& picture, const Point& point, double radius) {
  const double x = std::clamp(point.x, 0.0, double(picture.width)) * view.width / picture.width;
  const double y = std::clamp(point.y, 0.0, double(picture.height)) * view.height / picture.height;
  draw_dot(view, x, y, radius + std::max(0.8, radius / 3), kRing);
  draw_dot(view, x, y, radius, lies_inside(point, picture) ? kInside : kOutside);
}

std::string outside_note(std::size_t outside) {
  if (outside == 0) return "";
  return text(outside, outside == 1 ? " lies" : " lie", " outside: blue, at the edge");
}

}  // namespace

void overlay_points(Image& view, const Image& picture, std::span<const Point> points) {
  const double radius = dot_radius(view, points.size());
  for (const Point& point : points) draw_point(view, picture, point, radius);
}

Image draw_annotations(const Image& picture, std::span<const Point> points, const DensityMap* density) {
  Image view = fit_for_viewing(picture);
  Caption caption{text(points.size(), points.size() == 1 ? " point" : " points"), "", {}};
  if (density) caption.scale = overlay_density(view, picture, *density);
  overlay_points(view, picture, points);
  const auto inside = std::ranges::count_if(points, [&](const Point& point) { return lies_inside(point, picture); });
  caption.note = outside_note(points.size() - static_cast<std::size_t>(inside));
  return with_caption(view, caption);
}

}  // namespace throng
