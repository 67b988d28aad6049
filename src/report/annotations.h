#pragma once

#include <span>

#include "data/manifest.h"
#include "throng/counter.h"
#include "throng/image.h"

namespace throng {

/// The picture with its head annotations as dots; those outside the picture are drawn at its edge in another colour and
/// counted in the caption. With `density` (covering the picture at any resolution; null for none) its colours lie below
/// the dots. Sizes as in heatmap_overlay. Throws Error(failure) for an empty picture or a density map that does not
/// fit.
Image draw_annotations(const Image& picture, std::span<const Point> points, const DensityMap* density = nullptr);

/// Draws the same dots on a view of the picture.
void overlay_points(Image& view, const Image& picture, std::span<const Point> points);

}  // namespace throng
