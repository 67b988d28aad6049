#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/progress.h"
#include "metrics/errors.h"
#include "train/config.h"

namespace throng {

/// How well the model that was trained on all other folds counts one.
struct FoldErrors {
  std::string fold;  ///< the manifest's split
  CountErrors errors;
  std::filesystem::path model;
  std::string model_sha256;
};

struct CrossValidation {
  std::vector<FoldErrors> folds;
  CountErrors mean;  ///< of the folds' figures, each fold weighing the same; `images` is the sum
  std::string data_sha256;
};

/// Trains once for each split of the manifest whose name begins with "fold", on the others, and evaluates on it, at
/// fp32. The folder `out` gets, for each fold, a manifest FOLD.jsonl, the run FOLD/ and, when it is finished,
/// FOLD.json. With `resume`, finished folds are kept and the one that was stopped is continued; what is there must come
/// from the same configuration and data. Throws Error(usage) for fewer than two folds, for a folder that exists
/// (without `resume`) or belongs to something else (with it), and what train() and evaluate() throw.
CrossValidation cross_validate(const ExperimentConfig& config, const std::filesystem::path& out, bool resume,
                               const Reporter& reporter, const std::stop_token& stop);

/// A line for each fold, the means as `MAE x RMSE y NAE z` last.
std::string cross_validation_text(const CrossValidation& result);
/// {"mae", "rmse", "nae", "images", "data_sha256", "folds": [{"fold", "mae", ..., "model", "model_sha256"}]}
Json cross_validation_json(const CrossValidation& result);

}  // namespace throng
