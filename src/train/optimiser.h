#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "model/density_net.h"
#include "train/config.h"

namespace throng {

/// Adam (AdamW with weight decay) in one fused pass, and the averaged weights when train.ema asks for them.
class Optimiser {
 public:
  /// Marks the trained tensors of `net` (all but train.frozen) as requiring gradients. `net` must outlive the
  /// optimiser. Throws Error(usage) when a frozen prefix names nothing.
  Optimiser(DensityNet& net, const TrainConfig& config);

  /// Scales the gradients down to train.clip, moves the weights, clears the gradients. Returns the gradients' norm.
  double step(double learning_rate);

  /// Everything that a resumed run needs, by name: moments, steps, averages.
  std::vector<std::pair<std::string, at::Tensor>> state() const;

  /// Calls `use` while the net holds the averaged weights (its own when there are none).
  template <class Use>
  void with_averages(Use use) {
    swap_averages();
    try {
      use();
    } catch (...) {
      swap_averages();
      throw;
    }
    swap_averages();
  }

 private:
  struct Group {
    double lr_factor = 1.0;
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters, first_moments, second_moments, steps;
  };

  double clip_gradients();
  void update(Group& group, double learning_rate);
  void update_averages();
  void swap_averages();

  TrainConfig config_;
  std::vector<Group> groups_;
  std::vector<std::string> average_names_;
  std::vector<at::Tensor> averaged_, averages_;  // trained tensors of the net, and their averages
};

}  // namespace throng
