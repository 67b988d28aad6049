#pragma once

#include <filesystem>
#include <vector>

#include "data/manifest.h"

namespace throng {

/// Reads head annotations from text: one "x y" a line, separated by comma, semicolon, tab or spaces. A first line that
/// names the columns is understood (then further columns may stand beside x and y), lines that begin with # are passed
/// over, and an empty file is a scene without people. Throws Error(input) with file and line.
std::vector<Point> read_annotation_text(const std::filesystem::path& path);

}  // namespace throng
