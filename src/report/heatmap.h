#pragma once

#include <span>
#include <string>

#include "report/colour_scale.h"
#include "throng/counter.h"
#include "throng/image.h"

namespace throng {

/// The picture, dimmed, with the density's colours over it (the denser, the less the picture shines through), a colour
/// bar in people per 100 x 100 pixels of the original, and the count. `grid` covers the picture at any resolution;
/// `note` is a short line under the count; `heads` are drawn as dots. Pictures of any size from 1 x 1: small ones are
/// enlarged, those above 4,000 pixels a side shrunk. Throws Error(failure) for an empty picture or a grid whose size
/// does not fit its values.
Image heatmap_overlay(const Image& picture, const DensityMap& grid, double count, const std::string& note = {},
                      std::span<const HeadPoint> heads = {});

/// Dims a view of the picture, draws the density's colours over it and returns what they mean. Throws Error(failure)
/// for a grid whose size does not fit its values.
ColourScale overlay_density(Image& view, const Image& picture, const DensityMap& grid);

}  // namespace throng
