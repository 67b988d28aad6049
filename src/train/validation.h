#pragma once

#include <optional>
#include <span>
#include <stop_token>

#include "data/manifest.h"
#include "metrics/errors.h"
#include "model/model_file.h"
#include "throng/error.h"
#include "train/checkpoint.h"
#include "train/optimiser.h"
#include "train/run_folder.h"
#include "train/training_net.h"

namespace throng {

/// Judges a run by pictures that it is not trained on, each counted whole with the averaged weights.
class Validation {
 public:
  /// All of them must outlive it.
  struct Parts {
    TrainingNet& net;
    const ModelCard& card;
    Optimiser& optimiser;  ///< has the averages
    const RunFolder& folder;
  };

  /// At least one picture; people() is known of each.
  Validation(const Parts& parts, std::span<const ManifestEntry> pictures) : parts_(parts), pictures_(pictures) {}

  /// The errors of the counts where the run stands; nothing when a stop was asked for meanwhile. Leaves the net
  /// as TrainingNet::evaluate() does. Throws Error(failure) for a picture that there is not enough memory for and for
  /// an MAE that is NaN or infinite, Error(input) for a picture that is gone or not what the manifest says.
  std::optional<CountErrors> errors(const TrainPosition& position, const std::stop_token& stop);

 private:
  double count_whole(const ManifestEntry& entry) const;
  static Error too_large(const ManifestEntry& entry, const TrainPosition& position);
  Error useless_weights(const TrainPosition& position) const;

  Parts parts_;
  std::span<const ManifestEntry> pictures_;
};

}  // namespace throng
