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

/// Which regions the relative term compares.
enum class RegionChoice { hard, random, matryoshka };

/// How regions are chosen, ranked and compared (Eq. 2).
struct RelativeOptions {
  std::int64_t regions = 9;
  std::int64_t sublists = 3;
  bool closing = false;  ///< also max(0, third - first) per sub-list, as the released code has it
  RegionChoice choice = RegionChoice::hard;
};

/// Local counts of one output (x scale) over w x w regions: predicted, true, and sums of squared errors, [B, R] each.
struct LocalCounts {
  at::Tensor predicted;
  at::Tensor truth;
  at::Tensor error;
};

/// The counts of `counted`, the errors of `prediction`, [B, 1, h, w] each and usually the same. `region` is w in
/// pixels: a multiple of 4, or 2 where the target has half_mean. Gradients reach `predicted` alone.
LocalCounts local_counts(const at::Tensor& counted, const at::Tensor& prediction, const Target& target,
                         std::int64_t region);

/// Eq. (2), summed over pictures: local counts predicted and true and squared errors of the regions, [B, R] or, for
/// one picture, [R] each. In each picture the `regions` largest errors are ranked by true count, dealt into sub-lists,
/// and neighbours in a sub-list that are predicted in the wrong order cost their difference. Gradients reach
/// `predicted` alone.
at::Tensor relative_order_loss(const at::Tensor& predicted, const at::Tensor& truth, const at::Tensor& error,
                               const RelativeOptions& options);

/// Eq. (2) for one output; `counted` is the map whose local counts are compared: the prediction itself, or that of a
/// second head. Random regions and matryoshka anchors come from target.draws.
at::Tensor relative_local_loss(const at::Tensor& counted, const at::Tensor& prediction, const Target& target,
                               std::int64_t region, const RelativeOptions& options);

/// Absolute local counting (ALC, Table IX): |X - Xg| summed over regions.
at::Tensor absolute_local_loss(const at::Tensor& prediction, const Target& target, std::int64_t region);

/// Global ranking (GRL, Table IX): cross entropy between the order of the batch's true counts and the relaxed sorting
/// matrix of the predicted ones (NeuralSort, Grover et al. 2019, temperature one person), summed over the batch.
at::Tensor ranking_loss(const at::Tensor& prediction, const Target& target);

/// DM-Count on one output, each summed over the batch (Wang et al., NeurIPS 2020), on a grid of 8 pixels. A crop
/// without people costs nothing but its count.
struct TransportOptions {
  double regularisation = 10.0;  ///< pixels squared
  std::int64_t iterations = 100;
};
/// Entropic optimal transport between the map and the annotations, both as distributions, cost in pixels squared:
/// Sinkhorn in log space, gradients through the map's dual potential.
at::Tensor transport_loss(const at::Tensor& prediction, const Target& target, const TransportOptions& options);
/// The true count times half the L1 distance between the two distributions.
at::Tensor variation_loss(const at::Tensor& prediction, const Target& target);
/// |predicted - true count|, people.
at::Tensor count_loss(const at::Tensor& prediction, const Target& target);

/// Eq. (5), binary cross entropy with its sign: attention [B, 1, h16, w16], summed over full-resolution pixels.
at::Tensor attention_loss(const at::Tensor& attention, const at::Tensor& foreground);

/// Eq. (6): per group the squared coefficient of variation of the members' weights, summed over pixels and the batch.
at::Tensor importance_loss(const at::Tensor& gate_weights, const std::vector<Group>& groups);

}  // namespace throng
