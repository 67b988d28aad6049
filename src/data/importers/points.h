#pragma once

#include <filesystem>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

/// One's own pictures with NAME.txt or NAME.csv ("x y" lines) beside each, in a folder and those below it; all become
/// split "train". Pictures without annotations are left out with a warning. Throws Error(input).
Manifest import_points(const std::filesystem::path& folder, const Reporter& reporter);

}  // namespace throng
