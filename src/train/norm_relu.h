#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "model/conv_block.h"

namespace throng {

/// relu(x * scale + shift), or without the ReLU: what a batch normalisation gave, as it can be made again.
struct Normalised {
  at::Tensor x;             ///< bf16 [B, C, H, W], channels last
  at::Tensor scale, shift;  ///< fp32 [C]
  bool relu = true;

  at::Tensor values() const;  ///< bf16, bit for bit what was given
};

/// How batch normalisation is done.
struct NormOptions {
  bool batch_statistics = true;  ///< of this batch, which the running ones then follow; else the running ones
  double epsilon = 1e-5;
  bool relu = true;
};

/// Batch normalisation of bf16 features on a CPU, for training: like at::batch_norm and at::relu, but only `x` is kept
/// for the backward pass. What was given can be made again from `origin`.
at::Tensor norm_relu(const at::Tensor& x, const BatchNorm& norm, const NormOptions& options, Normalised& origin);

/// Which features of a forward pass can be made again, and from what.
class NormalisedFeatures {
 public:
  void add(const at::Tensor& features, Normalised origin);
  /// Null for features that were not added.
  const Normalised* find(const at::Tensor& features) const;
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    c10::weak_intrusive_ptr<at::TensorImpl> features;  // so that no other tensor takes its place
    Normalised origin;
  };
  std::vector<Entry> entries_;
};

}  // namespace throng
