#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "data/manifest.h"
#include "reproduce/paper_tables.h"
#include "reproduce/results.h"
#include "train/config.h"

namespace throng {

/// What a row is judged on: the split "test" of its data set, or the first data.limit pictures of it.
std::vector<ManifestEntry> judged_pictures(const ExperimentConfig& config);

struct Judgement {
  std::vector<MeasuredLine> lines;
  std::int64_t images = 0;  ///< in the figures
};

/// A model judged on those pictures, with the devices and threads of the experiment. Lines whose figures nobody can
/// know (no picture of that level) are left out. Throws as evaluate() does.
Judgement judge(Measure measure, const std::filesystem::path& model, const ExperimentConfig& config,
                const Reporter& reporter, const std::stop_token& stop);

}  // namespace throng
