#pragma once

#include <filesystem>
#include <vector>

#include "data/manifest.h"

namespace throng {

/// Reads head annotations from a picture of light dots on black, as TRANCOS and many cell counters have them. Where
/// most dots are single pixels each pixel is a head; larger dots (painted with a brush) are one head each, at their
/// centre. Throws Error(input) for an unreadable picture and one that is mostly light.
std::vector<Point> read_dots(const std::filesystem::path& path);

}  // namespace throng
