#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/config.h"
#include "data/manifest.h"

namespace throng {

struct DensityConfig {
  std::string kernel = "replaced";  ///< what happens where the Gaussian leaves the image
  double sigma = 4.0;
  std::int64_t size = 15;
  double foreground = 1e-5;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("kernel", kernel,
          "at the border: replaced = a fresh Gaussian in the clipped window (the paper's), clipped = clipped and "
          "renormalised; "
          "adaptive = sigma from the distance to the 3 nearest heads, clipped",
          Choices{"replaced", "clipped", "adaptive"});
    field("sigma", sigma, "standard deviation of the Gaussian, pixels", between(0.1, 100));
    field("size", size, "side of the Gaussian's window, pixels, odd", between(1, 501));
    field("foreground", foreground, "people per pixel above which a pixel counts as foreground", at_least(0));
  }
};

/// Throws Error(usage) for a window that has no middle.
void validate(const DensityConfig& config);

/// A rectangle of pixels.
struct Window {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// The part inside `window` of the density map of an image of width x height: [window.height, window.width], people per
/// pixel. The whole map sums to the number of points, wherever they lie: a point falls into column
/// min(W, max(1, |floor x|)) - 1, rows likewise, so points outside land on the edge. A window gives exactly the values
/// of the whole map, at the cost of the points near it. Throws Error(usage) for an even kernel size or a window that is
/// not inside the image.
std::vector<float> density_map(std::span<const Point> points, int width, int height, const Window& window,
                               const DensityConfig& config = {});
std::vector<float> density_map(std::span<const Point> points, int width, int height, const DensityConfig& config = {});

}  // namespace throng
