#pragma once

#include <memory>
#include <optional>

#include "infer/device_graph.h"
#include "model/density_net.h"
#include "train/config.h"
#include "train/precision.h"
#include "train/training_kernels.h"

namespace throng {

/// A network where it is trained: on which device, in which precision, with which kernels.
class TrainingNet {
 public:
  /// Moves `net`, which must outlive this, to the device and lays its weights in memory as the kernels there take them:
  /// they are other tensors afterwards, so it comes before an optimiser is made. `as_on_a_gpu`, for tests, makes any
  /// device compute as a GPU does, with such graphs. Throws Error(usage) for a precision that the device lacks.
  TrainingNet(DensityNet& net, const TrainConfig& config, const at::Device& device, const GraphSupport* as_on_a_gpu);

  DensityNet& net() const { return net_; }
  const at::Device& device() const { return device_; }
  const Autocast& autocast() const { return autocast_; }
  /// How steps are given to a device that works by itself; nothing for one that does not.
  const std::optional<GraphSupport>& graphs() const { return graphs_; }
  /// The type that Adam's moments are kept in.
  at::ScalarType moments() const { return moments_; }

  /// The net learns from now on, by the statistics of each batch; the encoder by its running ones where they are
  /// frozen.
  void train(bool freeze_encoder_norm);
  bool encoder_norm_is_frozen() const { return norm_is_frozen_; }
  /// The net counts from now on, in fp32 and by running statistics.
  void evaluate();

  /// Behind train(): a forward pass; all that it gives is fp32.
  Prediction forward(const at::Tensor& images);

 private:
  DensityNet& net_;
  at::Device device_;
  Autocast autocast_;
  std::optional<GraphSupport> graphs_;
  std::unique_ptr<TrainingKernels> kernels_;  // our own way to compute in bf16, where there is one
  at::ScalarType moments_;
  bool norm_is_frozen_ = false;
};

}  // namespace throng
