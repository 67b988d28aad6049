#pragma once

#include <string>

#include "evaluate/evaluation.h"

namespace throng {

/// What the NWPU-Crowd benchmark takes: a line "ID COUNT" for each picture, the ID being its file name without ending,
/// in the order of the IDs (as numbers where they are). Throws Error(usage) for two pictures of one ID, and
/// Error(input) when a picture was left out, for the benchmark wants them all.
std::string submission_text(const Evaluation& evaluation);

}  // namespace throng
