#include "train/training_steps.h"

#include "train/device_step.h"

namespace throng {

std::unique_ptr<TrainingSteps> make_training_steps(const TrainingSteps::Parts& parts, const LossConfig& loss) {
  const std::optional<GraphSupport>& graphs = parts.net.graphs();
  if (!graphs) return steps_at_once(parts, "");
  const std::string why = why_loss_varies(loss);
  return why.empty() ? steps_on_device(parts, *graphs) : steps_at_once(parts, why);
}

}  // namespace throng
