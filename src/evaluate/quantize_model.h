#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

/// Writes a model again (`to` may be `from`) with the ranges of its activations, which int8 needs: measured on at most
/// `limit` of the pictures, in a seeded order so that they come from all of them. Gives how many. Throws Error(input)
/// for a picture that cannot be read or has another size than its entry says; Error(interrupted) when stopped; as
/// Counter::load, Counter::count and rewrite_model. Nothing is written then.
std::int64_t quantize_model(const std::filesystem::path& from, const std::filesystem::path& to,
                            std::span<const ManifestEntry> entries, std::int64_t limit, const Reporter& reporter,
                            const std::stop_token& stop);

}  // namespace throng
