#include <ATen/ATen.h>

#include "core/text.h"
#include "train/batch_tensors.h"
#include "train/training_steps.h"

namespace throng {

namespace {

class StepsAtOnce final : public TrainingSteps {
 public:
  StepsAtOnce(const Parts& parts, const std::string& why) : parts_(parts), why_(why) {}

  // A term that is not a number ends the run before it reaches the weights.
  void make(const Batch& batch, double learning_rate, std::int64_t step) override {
    const at::Device& device = parts_.net.device();
    const at::Tensor images = batch_images(batch, parts_.card.normalisation, device);
    const Target target = batch_target(batch, parts_.card.density_scale, parts_.seed, device);
    const Prediction prediction = parts_.net.forward(images);
    const LossReport loss = parts_.criterion(prediction, target);
    StepValues values;
    for (const auto& [name, term] : loss.terms) values.losses.emplace_back(name, term.item<double>());
    values.losses.emplace_back("total", loss.total.item<double>());
    values.people = target.mean.any().item<bool>();
    values.silent = values.people && !prediction.final_map().any().item<bool>();
    parts_.watch.take(values, step);
    parts_.watch.check_gradient(parts_.optimiser.descend(loss.total, learning_rate), step);
  }

  std::string description() const override {
    return why_.empty() ? "" : text("each step waits for the device, because ", why_);
  }

 private:
  Parts parts_;
  std::string why_;
};

}  // namespace

std::unique_ptr<TrainingSteps> steps_at_once(const TrainingSteps::Parts& parts, const std::string& why) {
  return std::make_unique<StepsAtOnce>(parts, why);
}

}  // namespace throng
