#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "infer/device_input.h"
#include "infer/repeated_work.h"
#include "model/density_net.h"
#include "throng/image.h"

namespace throng {

/// The forward pass of whole pictures, several of one size at once: how a GPU counts. Sizes that come again are
/// replayed from graphs (infer/repeated_work.h). Works on any device.
class BatchForward {
 public:
  BatchForward(const at::Device& device, GraphSupport graphs);

  /// Pictures of one size, each with its own prediction, as if it had been alone. The net's blocks have kernels on the
  /// device. Throws Error(input) as image_tensor() does, c10::OutOfMemoryError where the device is full even without
  /// graphs.
  std::vector<Prediction> run(const DensityNet& net, std::span<const Image* const> images,
                              const Normalisation& normalisation);

  /// Whether sizes that come again are replayed, in words, or why not.
  std::string graphs() const;

 private:
  Prediction forward(const DensityNet& net, const at::Tensor& bytes) const;
  const ByteNormaliser& normaliser(const Normalisation& normalisation);

  at::Device device_;
  RepeatedWork<Prediction> work_;
  Normalisation normalisation_;
  std::optional<ByteNormaliser> normaliser_;  // by normalisation_
};

}  // namespace throng
