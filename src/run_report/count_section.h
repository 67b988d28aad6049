#pragma once

#include <span>
#include <string>

#include "core/progress.h"
#include "data/manifest.h"
#include "evaluate/evaluation.h"

namespace throng {

/// The sections of a report that show how images were counted: predicted over true counts, errors by level of the
/// count, and the worst images with what is annotated and what was counted. `entries` are those that were evaluated.
/// A picture that cannot be read any more is left out with a warning.
std::string count_sections(const Evaluation& evaluation, std::span<const ManifestEntry> entries,
                           const Reporter& reporter);

}  // namespace throng
