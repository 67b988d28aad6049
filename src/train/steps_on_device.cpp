#include "core/text.h"
#include "train/device_step.h"
#include "train/training_steps.h"

namespace throng {

namespace {

class StepsOnDevice final : public TrainingSteps {
 public:
  StepsOnDevice(const Parts& parts, const GraphSupport& graphs)
      : parts_(parts),
        device_step_({parts.net.net(), parts.criterion, parts.optimiser, parts.net.autocast(), parts.card},
                     parts.net.device(), graphs),
        known_why_not_(graphs.why_not) {}

  void make(const Batch& batch, double learning_rate, std::int64_t step) override {
    device_step_.run(batch, learning_rate, parts_.net.encoder_norm_is_frozen() ? 1 : 0);
    last_ = step;
    if (unread() == DeviceStep::kMostUnread) read();
  }

  // None whose numbers are not finite has moved a weight.
  void read() override {
    std::int64_t step = last_ - unread();
    for (const StepValues& values : device_step_.read()) {
      parts_.watch.take(values, ++step);
      parts_.watch.check_gradient(values.gradient_norm, step);
    }
    const std::string& why_not = device_step_.why_no_graph();
    if (why_not == known_why_not_) return;
    parts_.reporter.warning(text("from now on steps are not replayed from graphs: ", why_not));
    known_why_not_ = why_not;
  }

  std::int64_t unread() const override { return device_step_.unread(); }

  std::string description() const override {
    const std::string& why_not = device_step_.why_no_graph();
    return why_not.empty() ? "steps are replayed from graphs" : text("steps are not replayed from graphs: ", why_not);
  }

 private:
  Parts parts_;
  DeviceStep device_step_;
  std::string known_why_not_;  // why steps are not replayed, as the user was told
  std::int64_t last_ = 0;      // step that was made
};

}  // namespace

std::unique_ptr<TrainingSteps> steps_on_device(const TrainingSteps::Parts& parts, const GraphSupport& graphs) {
  return std::make_unique<StepsOnDevice>(parts, graphs);
}

}  // namespace throng
