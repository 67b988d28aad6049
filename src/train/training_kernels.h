#pragma once

#include "model/density_net.h"
#include "train/norm_relu.h"

namespace throng {

/// How a network computes in bf16 while it is trained on a CPU. Features are bf16 throughout; what leaves a block of
/// few channels, densities, gates' logits and attention, is computed in fp32.
class TrainingKernels {
 public:
  /// Lays the weights of `net`, which must outlive this, channels last: they are other tensors afterwards.
  explicit TrainingKernels(DensityNet& net);
  TrainingKernels(const TrainingKernels&) = delete;
  TrainingKernels& operator=(const TrainingKernels&) = delete;
  ~TrainingKernels();

  /// The net computes so, with batch statistics but for the encoder's if these are frozen, until it is released.
  void use(bool freeze_encoder_norm);
  /// The net computes as it did before.
  void release();

  /// Between use() and release(): a forward pass; all that it gives is fp32.
  Prediction forward(const at::Tensor& images);

 private:
  DensityNet& net_;
  NormalisedFeatures features_;  // of the forward pass that is going on
};

}  // namespace throng
