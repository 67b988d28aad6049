#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

/// Importers name the MATLAB files in which data sets keep regions of interest and perspective. This writes them as
/// files that others can read, into `folder`, and names these in the manifest instead: masks as grey PNG pictures, 255
/// inside and 0 outside, and perspective as NumPy files, float32 [height, width]. A file that many images share is
/// written once. Nothing is written, and no folder made, when there is nothing of the kind. Throws Error(input) for a
/// mask of another size than its image, Error(failure) when a file cannot be written.
void write_region_files(Manifest& manifest, const std::filesystem::path& folder, const Reporter& reporter = {});

/// The region of interest of an image: [height, width], 1 inside, 0 outside; all 1 where the data set has none.
/// Throws Error(input) when its mask cannot be read or has another size than the image.
std::vector<std::uint8_t> load_region(const ManifestEntry& entry);

}  // namespace throng
