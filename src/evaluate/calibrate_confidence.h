#pragma once

#include <filesystem>
#include <span>
#include <stop_token>

#include "core/progress.h"
#include "data/manifest.h"
#include "throng/counter.h"

namespace throng {

/// Counts annotated pictures that a model was not trained on, and writes the model again (`to` may be `from`) with what
/// their errors tell of its intervals, and they of the pictures that it knows. Pictures in one folder are of one place.
/// Throws, before anything is counted, Error(usage) for a picture that is not annotated, or in a region of interest
/// alone, or there twice, and Error(input) for one that cannot be read; then Error(usage) for fewer than 20,
/// Error(input) for one that has another size than its entry says, Error(interrupted) when stopped, and as
/// Counter::load, Counter::count and rewrite_model. Nothing is written then.
void calibrate_confidence(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::span<const ManifestEntry> entries, const CounterOptions& options,
                          const Reporter& reporter, const std::stop_token& stop);

}  // namespace throng
