#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "infer/edges.h"
#include "infer/grid_size.h"
#include "infer/image_rows.h"
#include "infer/layers/layer.h"
#include "infer/profile.h"
#include "infer/row_plan.h"
#include "model/density_net.h"

namespace throng {

/// Computes the local part of a network on the CPU, a few rows of each map at a time (row_plan.h).
class RowEngine {
 public:
  /// Of a folded network in evaluation mode. Its convolutions compute in `type`, fp32 or bf16; with `ranges` in int8,
  /// and then `type` is that of the rest; where `picture` says what a picture's bytes stand for, from these, if this
  /// machine can. Keeps its own copy of the weights.
  RowEngine(DensityNet& net, at::ScalarType type, const ActivationRanges* ranges,
            const Normalisation* picture = nullptr);

  /// Whether the rows of an image are to be the picture's own bytes.
  bool reads_bytes() const { return edges_.front().type == at::kByte; }
  /// For an image of that size; the maps are fp32. Takes what a profile wants to know.
  NetworkMaps run(GridSize image, const ImageRows& rows, const RowBudget& budget, Profile* profile) const;

  /// Maps of the right sizes, all zeros.
  NetworkMaps empty_maps(GridSize image) const;
  /// Bytes that a run takes: rows, results on their way, weights that are laid out for this size, the maps.
  std::int64_t peak_memory(GridSize image, const RowBudget& budget) const;
  /// Bytes of the maps alone.
  std::int64_t output_memory(GridSize image) const;
  /// By what its convolutions are computed: "oneDNN (20), Winograd F(4x4) (31)".
  std::string kernels() const;
  /// Whether a block of the network belongs to it.
  bool computes(const ConvBlock& block) const;
  /// Called with the name of each convolution that ends in a ReLU and the rows that it has made, for calibration.
  using Watch = std::function<void(const std::string& name, const at::Tensor& values)>;
  void watch(Watch watch) { watch_ = std::move(watch); }

 private:
  const RowPlan& plan_for(GridSize image, const RowBudget& budget) const;
  std::int64_t map_values(std::size_t node, GridSize size) const;

  NetworkMaps meta_;  // what the network gives, without numbers
  FeatureGraph graph_;
  std::vector<int> outputs_;
  std::vector<std::string> names_;  // of each node
  std::vector<Edge> edges_;
  std::vector<std::unique_ptr<Layer>> layers_;  // none for the image
  Watch watch_;
  // The last picture's: pictures of equal size follow each other in practice.
  mutable GridSize planned_for_;
  mutable std::int64_t planned_pixels_ = 0;
  mutable RowPlan plan_;
};

}  // namespace throng
