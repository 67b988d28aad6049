#pragma once

#include "core/progress.h"
#include "model/model_file.h"
#include "train/checkpoint.h"
#include "train/config.h"
#include "train/run_folder.h"

namespace throng {

/// The network that a run begins with: a model file (train.init), or fresh layers behind a pretrained encoder. What
/// these files decide is set in config.model.
LoadedModel starting_model(ExperimentConfig& config, const Reporter& reporter);

/// The network that restore() fills, and config.model, as the run in `folder` had them when it wrote the checkpoint.
/// The files that the run began with are not read again and may be gone.
LoadedModel continued_model(ExperimentConfig& config, const Checkpoint& checkpoint, const RunFolder& folder,
                            const Reporter& reporter);

}  // namespace throng
