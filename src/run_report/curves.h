#pragma once

#include <string>

#include "run_report/run_log.h"

namespace throng {

// Sections of a run's report that come from its log alone.

/// Validation MAE and RMSE, and NAE, over the epochs; says so where nothing was judged.
std::string validation_section(const RunLog& log);

/// A chart of the total, and one for each kind of term ("density", "relative", ...) with a line for each map.
std::string loss_section(const RunLog& log);

/// Learning rate, speed, and whatever else the log holds.
std::string progress_section(const RunLog& log);

}  // namespace throng
