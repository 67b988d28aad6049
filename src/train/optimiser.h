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
  /// optimiser. Adam's moments are kept in fp32, or in bf16 (train/adam.h), which halves their memory, on a CPU. Throws
  /// Error(usage) when a frozen prefix names nothing.
  Optimiser(DensityNet& net, const TrainConfig& config, at::ScalarType moments = at::kFloat);
  Optimiser(const Optimiser&) = delete;
  Optimiser& operator=(const Optimiser&) = delete;
  ~Optimiser();

  /// Computes the gradients of `loss` and makes a step along them. On a CPU a gradient is used, and goes, as soon as it
  /// is there, so the gradients of the whole net never lie in memory together; only clipping needs them all first.
  /// Returns the gradients' norm before they are clipped.
  double descend(const at::Tensor& loss, double learning_rate);

  /// The step alone, along the gradients that the net holds.
  double step(double learning_rate);

  /// The same as descend() for a device that works by itself, with moments in fp32: nothing waits for it, so a graph
  /// can hold it. Goes by the rate that was set; a loss or gradient that is not finite moves nothing. Returns the
  /// gradients' norm before they are clipped, [] on the device.
  at::Tensor descend_without_waiting(const at::Tensor& loss);
  void set_rate(double learning_rate);

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
  class UseAtOnce;
  struct Weight {
    std::string name;
    double lr_factor = 1.0;
    at::Tensor parameter, first_moment, second_moment, step;
  };

  struct RateGroup {
    double lr_factor = 1.0;
    at::Tensor rate;  // [] on the device
  };
  static constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

  void add(const NamedTensor& named, at::ScalarType moments);
  double clip_gradients();
  static at::Tensor take_gradient(const Weight& weight);
  void move(const std::vector<std::size_t>& weights);
  double finish_step();
  void update_averages();
  void swap_averages();

  TrainConfig config_;
  double learning_rate_ = 0;  // of the step that is being made
  bool descending_ = false;
  double squared_norm_ = 0;  // of the gradients that the step has used
  std::vector<Weight> weights_;
  std::vector<RateGroup> groups_;  // of set_rate()
  std::vector<std::string> average_names_;
  std::vector<at::Tensor> averaged_, averages_;  // trained tensors of the net, and their averages
};

}  // namespace throng
