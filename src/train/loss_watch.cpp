#include "train/loss_watch.h"

#include <cmath>

#include "core/text.h"

namespace throng {

namespace {

constexpr std::int64_t kSilentSteps = 50;

}  // namespace

LossWatch::LossWatch(TrainPosition& position, const RunFolder& folder, const Reporter& reporter)
    : position_(position), folder_(folder), reporter_(reporter) {}

void LossWatch::take(const StepValues& values, std::int64_t step) {
  for (const auto& [name, value] : values.losses) {
    if (!std::isfinite(value)) throw diverged("the loss term " + name, step);
    position_.sums[name] = position_.sums.value(name, 0.0) + value;
  }
  watch_for_dead_output(values, step);
}

void LossWatch::check_gradient(double norm, std::int64_t step) const {
  if (!std::isfinite(norm)) throw diverged("the gradient", step);
}

// The ReLU at the end of every density head passes no gradient below zero: a network that predicts nothing anywhere,
// for many batches with people in them, has died and will not recover.
void LossWatch::watch_for_dead_output(const StepValues& values, std::int64_t step) {
  if (!values.people) return;
  silent_steps_ = values.silent ? silent_steps_ + 1 : 0;
  if (silent_steps_ != kSilentSteps) return;
  reporter_.warning(text("the predicted density has been zero everywhere for ", kSilentSteps, " steps up to step ",
                         step, ": the network has died and will count 0; start again with a lower ",
                         "train.lr, train.warmup_steps = 100, model.init = \"kaiming\" or another train.seed"));
}

Error LossWatch::diverged(const std::string& what, std::int64_t step) const {
  const bool saved = std::filesystem::exists(folder_.last());
  return Error(ErrorKind::failure,
               text(what, " became NaN or infinite at step ", step, " (epoch ", position_.epoch + 1,
                    "): ", saved ? text("the last good checkpoint is ", folder_.last().string(), "; ") : std::string(),
                    "lower train.lr, set train.clip, or look at the data with 'throng data check'"));
}

}  // namespace throng
