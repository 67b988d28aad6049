#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "loss/target.h"
#include "model/hierarchy.h"

// The terms of the training loss. Each gives the sum over the batch; Criterion divides by its size.
namespace throng {

/// Eq. (3) for one output [B, 1, h, w]: squared error summed over full-resolution pixels.
at::Tensor density_loss(const at::Tensor& prediction, const Target& target);

/// How hard regions are ranked and compared (Eq. 2).
struct RelativeOptions {
  std::int64_t regions = 9;
  std::int64_t sublists = 3;
  bool closing = false;  ///< also max(0, third - first) per sub-list, as the released code has it
};

/// Eq. (2), summed over pictures: local counts predicted and true and squared errors of the regions, [B, R] or, for
/// one picture, [R] each. In each picture the `regions` largest errors are ranked by true count, dealt into sub-lists, and neighbours in a sub-list that are predicted in
/// the wrong order cost their difference. Gradients reach `predicted` alone.
at::Tensor relative_order_loss(const at::Tensor& predicted, const at::Tensor& truth, const at::Tensor& error,
                               const RelativeOptions& options);

/// Eq. (2) for one output [B, 1, h, w], local counts over cells x cells squares of the 1/4 grid.
at::Tensor relative_local_loss(const at::Tensor& prediction, const Target& target, std::int64_t cells,
                               const RelativeOptions& options);

/// Eq. (5), binary cross entropy with its sign: attention [B, 1, h16, w16], summed over full-resolution pixels.
at::Tensor attention_loss(const at::Tensor& attention, const at::Tensor& foreground);

/// Eq. (6): per group the squared coefficient of variation of the members' weights, summed over pixels and the batch.
at::Tensor importance_loss(const at::Tensor& gate_weights, const std::vector<Group>& groups);

}  // namespace throng
