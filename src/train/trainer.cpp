#include "train/trainer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "core/text.h"
#include "data/loader.h"
#include "infer/device.h"
#include "loss/criterion.h"
#include "model/limits.h"
#include "throng/error.h"
#include "train/dataset.h"
#include "train/fingerprint.h"
#include "train/loss_means.h"
#include "train/loss_watch.h"
#include "train/memory.h"
#include "train/optimiser.h"
#include "train/run_files.h"
#include "train/run_folder.h"
#include "train/schedule.h"
#include "train/starting_model.h"
#include "train/step_memory.h"
#include "train/training_net.h"
#include "train/training_steps.h"
#include "train/validation.h"

namespace throng {

namespace {

constexpr std::int64_t kMostSteps = 1'000'000'000'000;

/// What can be seen to be wrong before anything is read or made.
ExperimentConfig checked(ExperimentConfig config) {
  validate(config.train.augment);
  validate(config.data.density);
  check_limits(config.model);
  return config;
}

LoaderOptions loader_options(const ExperimentConfig& config, bool half_grid) {
  LoaderOptions options;
  options.batch = config.train.batch;
  options.crops_per_image = config.train.crops_per_image;
  options.workers = static_cast<int>(config.data.workers);
  options.seed = static_cast<std::uint64_t>(config.train.seed);
  options.half_grid = half_grid;
  return options;
}

std::int64_t count_steps(std::int64_t epochs, std::int64_t batches) {
  std::int64_t steps = 0;
  if (__builtin_mul_overflow(epochs, batches, &steps) || steps > kMostSteps) {
    throw Error(ErrorKind::usage, text("train.epochs = ", epochs, " of ", batches, " batches are more than ",
                                       kMostSteps, " steps: lower train.epochs"));
  }
  return steps;
}

/// The loop over epochs. Members are made in the order in which they are declared.
class Trainer {
 public:
  Trainer(ExperimentConfig config, const std::filesystem::path& path, bool resume, const Reporter& reporter,
          std::stop_token stop, const GraphSupport* as_on_a_gpu)
      : config_(checked(std::move(config))),
        reporter_(reporter),
        stop_(std::move(stop)),
        folder_(path, resume),
        device_(torch_device(parse_device(config_.train.device))),
        checkpoint_(checkpoint_to_continue(folder_, resume)),
        model_(checkpoint_ ? continued_model(config_, *checkpoint_, folder_, reporter)
                           : starting_model(config_, reporter)),
        data_(make_dataset(config_.data, static_cast<std::uint64_t>(config_.train.seed))),
        criterion_(config_.loss, model_.net.hierarchy(), config_.train.augment.crop),
        net_(model_.net, config_.train, device_, as_on_a_gpu),
        optimiser_(model_.net, config_.train, net_.moments()),
        loader_(data_.training, config_.train.augment, config_.data.density,
                loader_options(config_, criterion_.needs_half_grid())),
        fingerprint_(make_fingerprint(config_, data_.sha256, device_, net_.autocast().precision())),
        watch_(position_, folder_, reporter_),
        steps_(make_training_steps({net_, model_.card, criterion_, optimiser_, watch_, reporter_,
                                    static_cast<std::uint64_t>(config_.train.seed)},
                                   config_.loss)),
        validation_({net_, model_.card, optimiser_, folder_}, data_.validation),
        files_({folder_, config_, data_, fingerprint_, model_, optimiser_}),
        total_steps_(count_steps(config_.train.epochs, loader_.batches_per_epoch())) {
    model_.card.name = config_.name;
  }

  TrainResult run() {
    begin();
    TrainResult result;
    result.already_finished = finished();
    while (!finished()) {
      run_epoch();
      finish_epoch();
    }
    result.steps = position_.step;
    result.best_mae = position_.best_mae;
    result.model = std::filesystem::exists(folder_.best()) ? folder_.best() : folder_.last();
    return result;
  }

 private:
  bool finished() const { return position_.epoch >= config_.train.epochs; }

  void begin() {
    if (!checkpoint_ || checkpoint_->position.epoch < config_.train.epochs) check_pictures(data_, stop_);
    if (checkpoint_) {
      continue_run();
    } else {
      files_.write_description();
      folder_.cut_metrics(-1, -1);
    }
    if (finished()) return;
    const std::string how = steps_->description();
    reporter_.note(text(data_.images, " training images, ", data_.scenes, " rendered scenes, ", data_.validation.size(),
                        " validation images; ", total_steps_, " steps of ", config_.train.batch, " crops on ",
                        device_.str(), " with ", at::get_num_threads(), " threads", how.empty() ? "" : "; ", how));
  }

  void continue_run() {
    restore(*checkpoint_, model_.net, optimiser_);
    position_ = checkpoint_->position;
    folder_.cut_metrics(position_.step, position_.epoch);
    // At the end of an epoch they are saved when they have been judged: what fails at that must not replace good ones.
    if (position_.batch < loader_.batches_per_epoch() && !files_.models_are_current(position_)) {
      files_.save_models(position_);
    }
    if (finished()) {
      // What is in the folder was trained with the configuration that stands there, whatever this one says.
      if (position_.epoch > config_.train.epochs) {
        reporter_.note(text("the run has done ", position_.epoch, " epochs and train.epochs is ", config_.train.epochs,
                            ": nothing is left to train"));
      }
    } else {
      for (const std::string& sentence :
           resume_warnings(checkpoint_->fingerprint, fingerprint_, folder_.config(), config_)) {
        reporter_.warning(sentence);
      }
      files_.write_description();
      reporter_.note(text("resuming at step ", position_.step, " of ", total_steps_));
    }
    checkpoint_.reset();
  }

  void run_epoch() {
    net_.train(static_cast<double>(position_.epoch) >=
               config_.train.freeze_norm_from * static_cast<double>(config_.train.epochs));
    loader_.start(position_.epoch, position_.batch);
    started_ = std::chrono::steady_clock::now();
    crops_ = 0;
    while (std::optional<Batch> batch = loader_.next()) {
      run_step(*batch);
      if (stop_.stop_requested()) stop();
      const bool due = config_.train.checkpoint_steps > 0 && position_.step % config_.train.checkpoint_steps == 0;
      if (due && position_.batch < loader_.batches_per_epoch()) checkpoint();
    }
  }

  void run_step(const Batch& batch) {
    const double learning_rate = config_.train.lr * learning_rate_factor(config_.train, position_.step, total_steps_);
    steps_->make(batch, learning_rate, position_.step + 1);
    ++position_.step;
    ++position_.batch;
    crops_ += batch.batch;
    // Soon in an epoch, so that there is something to show.
    if (position_.sums.empty()) steps_->read();
    const Json means = loss_means(position_.sums, position_.batch - steps_->unread());
    reporter_.progress(
        position_.step, total_steps_,
        text("epoch ", position_.epoch + 1, "/", config_.train.epochs, ", ", describe_losses(means, learning_rate),
             ", ", fixed(crops_per_second(seconds()), 1), " crops/s"));
  }

  void finish_epoch() {
    steps_->read();
    const bool last = position_.epoch + 1 == config_.train.epochs;
    const bool judged =
        !data_.validation.empty() && (last || (position_.epoch + 1) % config_.train.validate_every == 0);
    Json line = epoch_line();
    if (judged) {
      line["validation"] = judge();
    } else if (data_.validation.empty()) {
      position_.best_step = position_.step;
    }
    ++position_.epoch;
    position_.batch = 0;
    position_.sums = Json::object();
    folder_.append_metrics(line);
    checkpoint();
  }

  Json epoch_line() const {
    Json line{{"step", position_.step},
              {"epoch", position_.epoch + 1},
              {"lr", config_.train.lr * learning_rate_factor(config_.train, position_.step - 1, total_steps_)},
              {"loss", loss_means(position_.sums, position_.batch)}};
    // A run that was resumed at the epoch's end has timed none of its steps.
    if (crops_ == 0) return line;
    const double passed = seconds();
    line["crops_per_second"] = crops_per_second(passed);
    line["waited_seconds"] = loader_.waited();
    line["waited_share"] = loader_.waited() / std::max(passed, 1e-9);
    return line;
  }

  Json judge() {
    // Whole pictures may take more memory than there is: a run that is killed there begins again with the validation.
    if (crops_ > 0) save_state();
    const std::optional<CountErrors> errors = validation_.errors(position_, stop_);
    if (!errors) stop();
    reporter_.note(text("epoch ", position_.epoch + 1, ": validation MAE ", fixed(errors->mae, 2), " RMSE ",
                        fixed(errors->rmse, 2)));
    if (position_.best_mae < 0 || errors->mae < position_.best_mae) {
      position_.best_mae = errors->mae;
      position_.best_step = position_.step;
    }
    return Json{{"mae", errors->mae}, {"rmse", errors->rmse}, {"nae", errors->nae}};
  }

  // Saves where the run stands; at the end of an epoch the resumed run validates again.
  [[noreturn]] void stop() {
    checkpoint();
    throw Error(ErrorKind::interrupted, text("stopped at step ", position_.step, " of ", total_steps_,
                                             ", everything is saved: continue with --resume"));
  }

  void checkpoint() {
    save_state();
    files_.save_models(position_);
  }

  // Of steps that the device has made none is saved whose numbers nobody has looked at.
  void save_state() {
    steps_->read();
    files_.save_state(position_);
  }

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count(); }
  double crops_per_second(double passed) const { return static_cast<double>(crops_) / std::max(passed, 1e-9); }

  ExperimentConfig config_;  // as the model files that the run begins with complete it
  Reporter reporter_;
  std::stop_token stop_;
  RunFolder folder_;  // its lock comes before all that is read from it
  at::Device device_;
  std::optional<Checkpoint> checkpoint_;  // until the run goes on from it
  LoadedModel model_;
  Dataset data_;
  Criterion criterion_;
  TrainingNet net_;      // lays the weights of model_ anew,
  Optimiser optimiser_;  // which takes them as they lie then
  Loader loader_;
  Fingerprint fingerprint_;
  TrainPosition position_;
  LossWatch watch_;
  std::unique_ptr<TrainingSteps> steps_;
  Validation validation_;
  RunFiles files_;
  std::int64_t total_steps_;
  std::int64_t crops_ = 0;  // since started_
  std::chrono::steady_clock::time_point started_;
};

}  // namespace

TrainResult train(const ExperimentConfig& config, const std::filesystem::path& run, bool resume,
                  const Reporter& reporter, std::stop_token stop, const GraphSupport* as_on_a_gpu) {
  if (config.train.threads > 0) at::set_num_threads(static_cast<int>(config.train.threads));
  const auto train_here = [&] {
    const StepMemory step_memory;
    Trainer trainer(config, run, resume, reporter, std::move(stop), as_on_a_gpu);
    return trainer.run();
  };
  return or_lack_of_memory(train_here, [&] { return out_of_memory(config.train); });
}

}  // namespace throng
