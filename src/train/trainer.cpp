#include "train/trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

#include "core/file.h"
#include "core/text.h"
#include "data/loader.h"
#include "data/picture_check.h"
#include "infer/device.h"
#include "infer/predict.h"
#include "loss/criterion.h"
#include "model/limits.h"
#include "model/model_file.h"
#include "throng/error.h"
#include "train/batch_tensors.h"
#include "train/checkpoint.h"
#include "train/dataset.h"
#include "train/device_step.h"
#include "train/fingerprint.h"
#include "train/loss_means.h"
#include "train/memory.h"
#include "train/optimiser.h"
#include "train/precision.h"
#include "train/run_folder.h"
#include "train/schedule.h"
#include "train/starting_model.h"
#include "train/step_memory.h"
#include "train/training_kernels.h"

namespace throng {

namespace {

constexpr std::int64_t kSilentSteps = 50;
constexpr std::int64_t kMostSteps = 1'000'000'000'000;

/// What can be seen to be wrong before anything is read or made.
ExperimentConfig checked(ExperimentConfig config) {
  validate(config.train.augment);
  validate(config.data.density);
  check_limits(config.model);
  return config;
}

/// The type that Adam's moments are kept in.
at::ScalarType moments_of(const TrainConfig& config, const Autocast& autocast) {
  const bool on_cpu = autocast.device() == at::kCPU;
  if (config.moments == "bf16" && !on_cpu)
    throw Error(ErrorKind::usage, "train.moments = \"bf16\" is for training on a CPU: use auto or fp32");
  const bool half = config.moments == "bf16" || (config.moments == "auto" && on_cpu && autocast.on());
  return half ? at::kBFloat16 : at::kFloat;
}

/// Our own way to compute in bf16, where there is one.
std::unique_ptr<TrainingKernels> kernels_for(DensityNet& net, const Autocast& autocast) {
  const bool ours = autocast.on() && autocast.device() == at::kCPU;
  return ours ? std::make_unique<TrainingKernels>(net) : nullptr;
}

/// How steps are given to a device that works by itself; nothing for one that does not.
std::optional<GraphSupport> graphs_for(const TrainConfig& config, const at::Device& device,
                                       const GraphSupport* as_on_a_gpu) {
  if (device.is_cpu() && as_on_a_gpu == nullptr) return {};
  if (config.graph == "off") return GraphSupport{.why_not = "train.graph is \"off\""};
  return as_on_a_gpu != nullptr ? *as_on_a_gpu : graph_support(device);
}

/// Our own way to compute in bf16 on a CPU lays weights as it needs them.
void place(DensityNet& net, const at::Device& device, bool works_by_itself) {
  net.to(device);
  if (works_by_itself) lay_channels_last(net);
}

/// The step that a model of this run was saved at; -1 where there is none.
std::int64_t step_of_model(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return -1;
  const Json provenance = read_card(path).provenance;
  return provenance.is_object() ? provenance.value("step", std::int64_t{-1}) : -1;
}

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
        autocast_(config_.train.precision, device_),
        graphs_(graphs_for(config_.train, device_, as_on_a_gpu)),
        kernels_(graphs_ ? nullptr : kernels_for(model_.net, autocast_)),
        optimiser_((place(model_.net, device_, graphs_.has_value()), model_.net), config_.train,
                   graphs_ ? at::kFloat : moments_of(config_.train, autocast_)),
        loader_(data_.training, config_.train.augment, config_.data.density,
                loader_options(config_, criterion_.needs_half_grid())),
        fingerprint_(make_fingerprint(config_, data_.sha256, device_, autocast_.precision())) {
    model_.card.name = config_.name;
    if (graphs_ && why_loss_varies(config_.loss).empty()) {
      device_step_ = std::make_unique<DeviceStep>(
          DeviceStep::Parts{model_.net, criterion_, optimiser_, autocast_, model_.card}, device_, *graphs_);
    }
    total_steps_ = count_steps(config_.train.epochs, loader_.batches_per_epoch());
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
  static std::int64_t count_steps(std::int64_t epochs, std::int64_t batches) {
    std::int64_t steps = 0;
    if (__builtin_mul_overflow(epochs, batches, &steps) || steps > kMostSteps) {
      throw Error(ErrorKind::usage, text("train.epochs = ", epochs, " of ", batches, " batches are more than ",
                                         kMostSteps, " steps: lower train.epochs"));
    }
    return steps;
  }

  static LoaderOptions loader_options(const ExperimentConfig& config, bool half_grid) {
    LoaderOptions options;
    options.batch = config.train.batch;
    options.crops_per_image = config.train.crops_per_image;
    options.workers = static_cast<int>(config.data.workers);
    options.seed = static_cast<std::uint64_t>(config.train.seed);
    options.half_grid = half_grid;
    return options;
  }

  static std::optional<Checkpoint> checkpoint_to_continue(const RunFolder& folder, bool resume) {
    if (!resume) return {};
    if (!std::filesystem::exists(folder.state())) {
      if (!folder.has_models()) return {};
      throw Error(ErrorKind::failure, text(folder.state().string(), " is gone, though there are models beside it: ",
                                           "the run cannot be continued; ", folder.way_out()));
    }
    try {
      return read_checkpoint(folder.state());
    } catch (const Error& error) {
      throw Error(error.kind(), text(error.what(), ": the run cannot be continued; ", folder.way_out()));
    }
  }

  bool finished() const { return position_.epoch >= config_.train.epochs; }

  void begin() {
    if (!checkpoint_ || checkpoint_->position.epoch < config_.train.epochs) check_pictures(data_, stop_);
    if (checkpoint_) {
      continue_run();
    } else {
      write_description();
      folder_.cut_metrics(-1, -1);
    }
    if (finished()) return;
    reporter_.note(text(data_.images, " training images, ", data_.scenes, " rendered scenes, ", data_.validation.size(),
                        " validation images; ", total_steps_, " steps of ", config_.train.batch, " crops on ",
                        device_.str(), " with ", at::get_num_threads(), " threads", how_steps_are_made()));
  }

  std::string how_steps_are_made() const {
    if (!graphs_) return "";
    if (!device_step_) return text("; each step waits for the device, because ", why_loss_varies(config_.loss));
    const std::string& why_not = device_step_->why_no_graph();
    return why_not.empty() ? "; steps are replayed from graphs"
                           : text("; steps are not replayed from graphs: ", why_not);
  }

  void continue_run() {
    restore(*checkpoint_, model_.net, optimiser_);
    position_ = checkpoint_->position;
    folder_.cut_metrics(position_.step, position_.epoch);
    // At the end of an epoch they are saved when they have been judged: what fails at that must not replace good ones.
    if (position_.batch < loader_.batches_per_epoch() && !models_are_current()) save_models();
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
      write_description();
      reporter_.note(text("resuming at step ", position_.step, " of ", total_steps_));
    }
    checkpoint_.reset();
  }

  void write_description() const {
    write_file(folder_.config(), to_toml(config_tree(config_)));
    write_file(folder_.provenance(), provenance().dump(2) + "\n");
  }

  Json provenance() const {
    return Json{{"data", data_.name},
                {"data_sha256", data_.sha256},
                {"training_images", data_.images},
                {"rendered_scenes", data_.scenes},
                {"validation_images", data_.validation.size()},
                {"seed", config_.train.seed},
                {"recipe_sha256", fingerprint_.config_sha256},
                {"precision", fingerprint_.precision},
                {"torch", TORCH_VERSION}};
  }

  void run_epoch() {
    const bool freeze = static_cast<double>(position_.epoch) >=
                        config_.train.freeze_norm_from * static_cast<double>(config_.train.epochs);
    frozen_norm_ = freeze;
    model_.net.train(true, freeze);
    if (kernels_) kernels_->use(freeze);
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
    if (device_step_) {
      device_step_->run(batch, learning_rate, frozen_norm_ ? 1 : 0);
    } else {
      run_at_once(batch, learning_rate);
    }
    ++position_.step;
    ++position_.batch;
    crops_ += batch.batch;
    // Soon in an epoch, so that there is something to show.
    if (device_step_ && (device_step_->unread() == DeviceStep::kMostUnread || position_.sums.empty())) collect();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    const std::int64_t known = position_.batch - (device_step_ ? device_step_->unread() : 0);
    reporter_.progress(position_.step, total_steps_,
                       text("epoch ", position_.epoch + 1, "/", config_.train.epochs, ", ",
                            describe_losses(loss_means(position_.sums, known), learning_rate), ", ",
                            fixed(static_cast<double>(crops_) / std::max(seconds, 1e-9), 1), " crops/s"));
  }

  // A term that is not a number ends the run before it reaches the weights.
  void run_at_once(const Batch& batch, double learning_rate) {
    const at::Tensor images = batch_images(batch, model_.card.normalisation, device_);
    const Target target =
        batch_target(batch, model_.card.density_scale, static_cast<std::uint64_t>(config_.train.seed), device_);
    const Prediction prediction = kernels_ ? kernels_->forward(images) : forward_in(autocast_, model_.net, images);
    const LossReport loss = criterion_(prediction, target);
    StepValues values;
    for (const auto& [name, term] : loss.terms) values.losses.emplace_back(name, term.item<double>());
    values.losses.emplace_back("total", loss.total.item<double>());
    values.people = target.mean.any().item<bool>();
    values.silent = values.people && !prediction.final_map().any().item<bool>();
    take(values, position_.step + 1);
    const double norm = optimiser_.descend(loss.total, learning_rate);
    if (!std::isfinite(norm)) throw diverged("the gradient", position_.step + 1);
  }

  // What the device's steps have said since the last time. None whose numbers are not finite has moved a weight.
  void collect() {
    if (!device_step_) return;
    std::int64_t step = position_.step - device_step_->unread();
    for (const StepValues& values : device_step_->read()) {
      take(values, ++step);
      if (!std::isfinite(values.gradient_norm)) throw diverged("the gradient", step);
    }
    const std::string& why_not = device_step_->why_no_graph();
    if (why_not == graphs_->why_not) return;
    reporter_.warning(text("from now on steps are not replayed from graphs: ", why_not));
    graphs_->why_not = why_not;
  }

  // Adds a step's losses to the epoch's sums.
  void take(const StepValues& values, std::int64_t step) {
    for (const auto& [name, value] : values.losses) {
      if (!std::isfinite(value)) throw diverged("the loss term " + name, step);
      position_.sums[name] = position_.sums.value(name, 0.0) + value;
    }
    watch_for_dead_output(values, step);
  }

  // The ReLU at the end of every density head passes no gradient below zero: a network that predicts nothing anywhere,
  // for many batches with people in them, has died and will not recover.
  void watch_for_dead_output(const StepValues& values, std::int64_t step) {
    if (!values.people) return;
    silent_steps_ = values.silent ? silent_steps_ + 1 : 0;
    if (silent_steps_ != kSilentSteps) return;
    reporter_.warning(text("the predicted density has been zero everywhere for ", kSilentSteps, " steps up to step ",
                           step, ": the network has died and will count 0; start again with a lower ",
                           "train.lr, train.warmup_steps = 100, model.init = \"kaiming\" or another train.seed"));
  }

  Error diverged(const std::string& what, std::int64_t step) const {
    const bool saved = std::filesystem::exists(folder_.last());
    return Error(ErrorKind::failure,
                 text(what, " became NaN or infinite at step ", step, " (epoch ", position_.epoch + 1, "): ",
                      saved ? text("the last good checkpoint is ", folder_.last().string(), "; ") : std::string(),
                      "lower train.lr, set train.clip, or look at the data with 'throng data check'"));
  }

  void finish_epoch() {
    collect();
    const bool last = position_.epoch + 1 == config_.train.epochs;
    const bool judged =
        !data_.validation.empty() && (last || (position_.epoch + 1) % config_.train.validate_every == 0);
    Json line = epoch_line();
    if (judged) {
      // Whole pictures may take more memory than there is: a run that is killed there begins again with the validation.
      if (crops_ > 0) save_state();
      const CountErrors errors = validate();
      if (!std::isfinite(errors.mae)) throw useless_weights();
      line["validation"] = Json{{"mae", errors.mae}, {"rmse", errors.rmse}, {"nae", errors.nae}};
      reporter_.note(text("epoch ", position_.epoch + 1, ": validation MAE ", fixed(errors.mae, 2), " RMSE ",
                          fixed(errors.rmse, 2)));
      if (position_.best_mae < 0 || errors.mae < position_.best_mae) {
        position_.best_mae = errors.mae;
        position_.best_step = position_.step;
      }
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
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    line["crops_per_second"] = static_cast<double>(crops_) / std::max(seconds, 1e-9);
    line["waited_seconds"] = loader_.waited();
    line["waited_share"] = loader_.waited() / std::max(seconds, 1e-9);
    return line;
  }

  // Losses were finite, so that the steps went on; but running statistics or averages are not what they should be.
  Error useless_weights() const {
    return Error(ErrorKind::failure,
                 text("the validation MAE is NaN or infinite at step ", position_.step, " (epoch ", position_.epoch + 1,
                      "): lower train.lr or set train.clip, and ", folder_.way_out()));
  }

  CountErrors validate() {
    ErrorMeter meter;
    model_.net.train(false);
    if (kernels_) kernels_->release();
    optimiser_.with_averages([&] {
      for (const ManifestEntry& entry : data_.validation) {
        if (stop_.stop_requested()) break;
        const double predicted =
            or_lack_of_memory([&] { return count_whole(entry); }, [&] { return too_large_to_validate(entry); });
        meter.add(predicted, static_cast<double>(entry.people().value()));
      }
    });
    if (stop_.stop_requested()) stop();
    return meter.result();
  }

  double count_whole(const ManifestEntry& entry) const {
    const Image picture = load_image(entry.image);
    check_size(entry, picture.width, picture.height);
    return count_on_grid(model_.net, model_.card, picture, device_).count;
  }

  Error too_large_to_validate(const ManifestEntry& entry) const {
    return Error(ErrorKind::failure,
                 text("there is not enough memory to count the validation picture ", entry.image.string(), " of ",
                      entry.width, "x", entry.height, " pixels: put a smaller copy with its annotations in its place, ",
                      "or take it out of the manifest; then go on from step ", position_.step, " with --resume"));
  }

  // Saves where the run stands; at the end of an epoch the resumed run validates again.
  [[noreturn]] void stop() {
    checkpoint();
    throw Error(ErrorKind::interrupted, text("stopped at step ", position_.step, " of ", total_steps_,
                                             ", everything is saved: continue with --resume"));
  }

  void checkpoint() {
    save_state();
    save_models();
  }

  void save_state() {
    collect();
    save_checkpoint(folder_.state(), model_.net, optimiser_, position_, fingerprint_, model_.card);
  }

  // A run that is killed between its state and its models leaves older ones.
  bool models_are_current() const {
    const bool best = position_.best_step == position_.step;
    return step_of_model(folder_.last()) == position_.step &&
           (!best || step_of_model(folder_.best()) == position_.step);
  }

  void save_models() {
    optimiser_.with_averages([&] {
      model_.card.provenance = provenance();
      model_.card.provenance["step"] = position_.step;
      const TensorFile file = model_to_file(model_.net, model_.card);
      write_safetensors(file, folder_.last());
      if (position_.best_step == position_.step) write_safetensors(file, folder_.best());
    });
  }

  ExperimentConfig config_;
  Reporter reporter_;
  std::stop_token stop_;
  RunFolder folder_;
  at::Device device_;
  std::optional<Checkpoint> checkpoint_;  // until the run goes on from it
  LoadedModel model_;
  Dataset data_;
  Criterion criterion_;
  Autocast autocast_;
  std::optional<GraphSupport> graphs_;  // of a device that works by itself
  std::unique_ptr<TrainingKernels> kernels_;
  Optimiser optimiser_;
  std::unique_ptr<DeviceStep> device_step_;  // none where each step is waited for
  Loader loader_;
  Fingerprint fingerprint_;
  TrainPosition position_;
  std::int64_t total_steps_ = 0;
  std::int64_t crops_ = 0;         // since started_
  std::int64_t silent_steps_ = 0;  // in a row, without any density
  bool frozen_norm_ = false;       // in this epoch
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
