#pragma once

#include <filesystem>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

/// ShanghaiTech part A or B (Zhang et al., CVPR 2016): train_data/ and test_data/, or one of them, each with images/
/// and ground_truth/ (or ground-truth/), there GT_NAME.mat (or GT_NAME.txt or .csv with "x y" lines). Throws
/// Error(input).
Manifest import_shanghaitech(const std::filesystem::path& folder, const Reporter& reporter);

}  // namespace throng
