#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/progress.h"
#include "reproduce/paper_tables.h"
#include "reproduce/results.h"
#include "throng/counter.h"

namespace throng {

/// A model judged on the split "test" of a manifest.
struct Judgement {
  std::vector<MeasuredLine> lines;
  std::int64_t images = 0;  ///< in the figures
};

/// Lines whose figures nobody can know (no picture of that level) are left out. Throws as evaluate() does.
Judgement judge(Measure measure, const std::filesystem::path& model, const CounterOptions& options,
                const std::filesystem::path& manifest, const Reporter& reporter, const std::stop_token& stop);

}  // namespace throng
