#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.h"
#include "reproduce/comparison.h"
#include "reproduce/options.h"

namespace throng {

/// What came of it.
struct Reproduction {
  std::vector<Comparison> tables;
  std::int64_t finished = 0;  ///< rows with all their seeds
  std::int64_t failed = 0;    ///< rows whose training or judgement went wrong
  std::int64_t not_run = 0;   ///< rows whose data or weights are absent
};

/// Trains and judges rows of the paper's tables in turn, each distinct network once per seed. The folder options.run
/// gets the manifests (data/), the trainings (networks/), what was measured (results.json), and TABLE.md and TABLE.html
/// anew after each row. What is finished there is kept, what was stopped or killed is continued. Before the first step
/// a note says what is to be done, how long it takes about, and how much disk.
/// A row that cannot be run or fails is marked, and the others go on. Throws Error(usage) for options that make no
/// plan, Error(failure) when the disk is too small or another process works in the folder, Error(interrupted) after
/// saving when `stop` is requested.
Reproduction reproduce(const ReproduceOptions& options, const Reporter& reporter, const std::stop_token& stop = {});

}  // namespace throng
