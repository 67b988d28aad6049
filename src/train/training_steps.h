#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/progress.h"
#include "data/loader.h"
#include "loss/criterion.h"
#include "model/model_file.h"
#include "train/loss_watch.h"
#include "train/optimiser.h"
#include "train/training_net.h"

namespace throng {

/// A way to make the steps of a training. What they say of themselves goes to a LossWatch, at once or later.
class TrainingSteps {
 public:
  /// All of them must outlive the steps.
  struct Parts {
    TrainingNet& net;
    const ModelCard& card;  ///< normalisation and density scale
    const Criterion& criterion;
    Optimiser& optimiser;
    LossWatch& watch;
    const Reporter& reporter;
    std::uint64_t seed = 1;  ///< of the random choices of the loss
  };

  virtual ~TrainingSteps() = default;

  /// Makes step number `step`, from 1; they are made in order, behind TrainingNet::train(). One whose loss is NaN or
  /// infinite moves no weight. Throws what the watch throws, of this step or of one before.
  virtual void make(const Batch& batch, double learning_rate, std::int64_t step) = 0;
  /// Gives the watch what the steps so far say and it does not know yet. Throws what the watch throws.
  virtual void read() {}
  /// How many steps that are.
  virtual std::int64_t unread() const { return 0; }
  /// How steps are made, in words; "" where there is nothing to say of it.
  virtual std::string description() const = 0;
};

/// Steps of which each is waited for, on any device. `why` it is, in words; "" on a CPU, where all are.
std::unique_ptr<TrainingSteps> steps_at_once(const TrainingSteps::Parts& parts, const std::string& why);

/// Steps that are given to a device that works by itself (train/device_step.h), and are read many at a time. Warns when
/// it turns out that they cannot be replayed from graphs.
std::unique_ptr<TrainingSteps> steps_on_device(const TrainingSteps::Parts& parts, const GraphSupport& graphs);

/// Those on the device where it works by itself and the loss lets it, else those that are waited for.
std::unique_ptr<TrainingSteps> make_training_steps(const TrainingSteps::Parts& parts, const LossConfig& loss);

}  // namespace throng
