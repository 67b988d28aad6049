#include "report/heatmap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/text.h"
#include "image/draw.h"
#include "report/head_dots.h"
#include "report/smooth.h"
#include "report/view.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr double kBrightness = 0.7;  ///< of the picture below the colours
constexpr double kSaturation = 0.4;  ///< of the picture below the colours
constexpr double kMostOpaque = 0.85;
constexpr int kShades = 1024;

/// A colour with how much of it is seen, for each density from 0 to the scale's top.
struct Shade {
  std::array<double, 3> colour;
  double opacity;
};

std::vector<Shade> make_shades() {
  std::vector<Shade> shades;
  for (int i = 0; i < kShades; ++i) {
    const double share = static_cast<double>(i) / (kShades - 1);
    const Colour colour = density_colour(share);
    // The square root lets thin crowds show; it is zero where nobody is.
    shades.push_back({{double(colour[0]), double(colour[1]), double(colour[2])}, kMostOpaque * std::sqrt(share)});
  }
  return shades;
}

void paint(std::uint8_t* pixel, const Shade& shade) {
  const double grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
  for (std::size_t c = 0; c < 3; ++c) {
    const double below = kBrightness * (grey + kSaturation * (pixel[c] - grey));
    pixel[c] = static_cast<std::uint8_t>(std::lround(below + shade.opacity * (shade.colour[c] - below)));
  }
}

/// Where a pixel's centre lies between the centres of two cells.
struct Between {
  int first;
  int second;
  float share;  ///< of the second
};

std::vector<Between> places(int pixels, int cells) {
  std::vector<Between> places;
  for (int i = 0; i < pixels; ++i) {
    const double at = std::clamp((i + 0.5) * cells / pixels - 0.5, 0.0, cells - 1.0);
    const int first = static_cast<int>(at);
    places.push_back({first, std::min(first + 1, cells - 1), static_cast<float>(at - first)});
  }
  return places;
}

float mixed(float first, float second, float share) { return first + (second - first) * share; }

int shade_index(double share) { return static_cast<int>(std::min(share, 1.0) * (kShades - 1)); }

void check_grid(const DensityMap& grid) {
  const bool fits = grid.width > 0 && grid.height > 0 &&
                    grid.values.size() == static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height);
  if (!fits) {
    throw Error(ErrorKind::failure, text("a density map of ", grid.width, " x ", grid.height, " cells with ",
                                         grid.values.size(), " values cannot be drawn"));
  }
}

/// Interpolates between the centres of the cells.
void paint_density(Image& view, const DensityMap& grid, const ColourScale& scale, double factor) {
  const std::vector<Shade> shades = make_shades();
  const std::vector<Between> columns = places(view.width, grid.width);
  const std::vector<Between> rows = places(view.height, grid.height);
  std::vector<float> line(static_cast<std::size_t>(grid.width));
  for (int y = 0; y < view.height; ++y) {
    const Between& row = rows[static_cast<std::size_t>(y)];
    const float* above = grid.values.data() + static_cast<std::size_t>(row.first) * line.size();
    const float* below = grid.values.data() + static_cast<std::size_t>(row.second) * line.size();
    for (std::size_t x = 0; x < line.size(); ++x) line[x] = mixed(above[x], below[x], row.share);
    for (int x = 0; x < view.width; ++x) {
      const Between& column = columns[static_cast<std::size_t>(x)];
      const float people = mixed(line[static_cast<std::size_t>(column.first)],
                                 line[static_cast<std::size_t>(column.second)], column.share);
      paint(view.pixel(x, y), shades[static_cast<std::size_t>(shade_index(people * factor / scale.top))]);
    }
  }
}

}  // namespace

ColourScale overlay_density(Image& view, const Image& picture, const DensityMap& grid) {
  check_grid(grid);
  const DensityMap smooth = smoothed_for_viewing(grid);
  const double factor = cell_density_factor(grid, picture.width, picture.height);
  const ColourScale scale = choose_scale(smooth, factor);
  paint_density(view, smooth, scale, factor);
  return scale;
}

Image heatmap_overlay(const Image& picture, const DensityMap& grid, double count, const std::string& note,
                      std::span<const HeadPoint> heads) {
  Image view = fit_for_viewing(picture);
  const ColourScale scale = overlay_density(view, picture, grid);
  overlay_heads(view, picture, heads);
  return with_caption(view, {text("Count ", fixed(count, 1)), note, scale});
}

}  // namespace throng
