#pragma once

#include <string>
#include <vector>

#include "infer/repeated_work.h"
#include "infer/side_stream.h"
#include "loss/criterion.h"
#include "train/batch_tensors.h"
#include "train/optimiser.h"
#include "train/precision.h"
#include "train/step_values.h"

namespace throng {

/// Why the loss's work is not the same for each batch of a size, so that it cannot be recorded; "" where it is.
std::string why_loss_varies(const LossConfig& loss);

/// Steps of training given to a device that works by itself, as a GPU does: nothing waits for it. The next batch is
/// copied while a step is going on, and what steps say of themselves is read after many of them. Steps that come again
/// in the same form are replayed from a graph (infer/repeated_work.h). Works on any device.
class DeviceStep {
 public:
  struct Parts {
    DensityNet& net;  ///< on the device
    const Criterion& criterion;
    Optimiser& optimiser;
    const Autocast& autocast;
    const ModelCard& card;  ///< normalisation and density scale
  };

  /// `parts` must outlive it, and why_loss_varies() be empty.
  DeviceStep(const Parts& parts, const at::Device& device, GraphSupport graphs);

  /// One step. `form` tells apart what has been changed in the net between steps (DensityNet::train). A step whose loss
  /// or gradient is not finite moves no weight.
  void run(const Batch& batch, double learning_rate, std::int64_t form);

  /// How many steps read() would give; they fill it at kMostUnread.
  std::int64_t unread() const { return unread_; }
  static constexpr std::int64_t kMostUnread = 16;
  /// What the steps since the last call say, in order. Waits for the device.
  std::vector<StepValues> read();

  /// Why steps are not replayed, in words; "" where they are.
  const std::string& why_no_graph() const { return work_.why_not(); }

 private:
  std::vector<at::Tensor> sent(const Batch& batch) const;
  at::Tensor step(const BatchTensors& batch);

  Parts parts_;
  at::Device device_;
  ByteNormaliser normaliser_;
  SideStream copies_;
  RepeatedWork<at::Tensor> work_;  // gives what the step says, [names_.size() + 3]
  std::vector<std::string> names_;
  at::Tensor values_;  // [kMostUnread, ...] of the unread steps
  std::int64_t unread_ = 0;
};

/// Lays the weights of convolutions channels last, as a GPU's kernels for bf16 take them. They are other tensors
/// afterwards, so it comes before an optimiser is made.
void lay_channels_last(DensityNet& net);

}  // namespace throng
