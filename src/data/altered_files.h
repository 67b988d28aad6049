#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "data/alter.h"

namespace throng {

/// Writes altered copies of a manifest's pictures into a folder, NAME.png each (NAME.jpg where a JPEG is asked for,
/// NAME-2 where two pictures share a name), and manifest.jsonl beside them, with the annotations moved along; gives
/// what the manifest says. Masks of regions are resized too; maps of perspective and fields of other programs are left
/// out where the size changes, which becomes a note. A picture that cannot be read becomes a warning and one of
/// Manifest::unreadable. Throws Error(usage) for a folder that holds anything but what this wrote before, Error(input)
/// when no picture can be read, Error(interrupted) when stopped: then there are pictures, but no manifest of this run.
Manifest write_altered(const Manifest& manifest, const Alteration& alteration, const std::filesystem::path& folder,
                       const Reporter& reporter = {}, const std::stop_token& stop = {});

}  // namespace throng
