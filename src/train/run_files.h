#pragma once

#include <optional>

#include "core/config.h"
#include "model/model_file.h"
#include "train/checkpoint.h"
#include "train/config.h"
#include "train/dataset.h"
#include "train/fingerprint.h"
#include "train/optimiser.h"
#include "train/run_folder.h"

namespace throng {

/// The checkpoint that a resumed run goes on from; nothing where it begins. Throws Error(failure), which says what can
/// still be done, for a state that is damaged, or gone though there are models beside it.
std::optional<Checkpoint> checkpoint_to_continue(const RunFolder& folder, bool resume);

/// What a run writes into its folder besides its metrics: what it is, where it stands, and its models.
class RunFiles {
 public:
  /// All of them must outlive it.
  struct Parts {
    const RunFolder& folder;
    const ExperimentConfig& config;
    const Dataset& data;
    const Fingerprint& fingerprint;
    LoadedModel& model;
    Optimiser& optimiser;
  };

  explicit RunFiles(const Parts& parts) : parts_(parts) {}

  /// The configuration and the provenance.
  void write_description() const;

  /// All that a resumed run needs. It comes before the models of the same step: a run that is killed in between leaves
  /// older models, which models_are_current() shows.
  void save_state(const TrainPosition& position) const;
  /// The last model, and the best one where that is this one, both with the averaged weights.
  void save_models(const TrainPosition& position) const;
  bool models_are_current(const TrainPosition& position) const;

 private:
  Json provenance() const;

  Parts parts_;
};

}  // namespace throng
