#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace throng {

/// One density output on the 1/4 grid, in people x density_scale per full-resolution pixel.
struct DensityOutput {
  std::string name;       ///< "expert1", "group13", "final"
  int level = 0;          ///< 0 for experts, then 1, 2, ...
  at::Tensor map;         ///< [B, 1, h, w]
  at::Tensor local = {};  ///< [B, 1, h, w] of the second head for local counts (model.local_head), or undefined
};

/// Everything that one forward pass gives.
struct Prediction {
  std::vector<DensityOutput> outputs;    ///< each distinct output once; the last is the final map
  at::Tensor attention;                  ///< [B, 1, h16, w16] in (0, 1), or undefined
  std::vector<at::Tensor> gate_weights;  ///< per level, see gates/weighting.h; undefined without a gate

  const at::Tensor& final_map() const { return outputs.back().map; }
};

}  // namespace throng
