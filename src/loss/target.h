#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/draw.h"

namespace throng {

/// The truth on the 1/4 grid, scaled like the network's output. Per 4x4 block of the full-resolution map g (in people x
/// scale per pixel) it keeps what makes the full-resolution losses exact: sum (p - g)^2 = 16 (p - mean)^2 + spread.
struct Target {
  at::Tensor mean;        ///< [B, 1, h, w] mean of g over the block
  at::Tensor spread;      ///< [B, 1, h, w] sum g^2 - 16 mean^2, what no blockwise-constant prediction can reach
  at::Tensor foreground;  ///< [B, 1, h, w] share of the block's pixels that are foreground

  at::Tensor half_mean = {};    ///< [B, 1, 2h, 2w] the mean over 2x2 blocks, where regions are that small; or undefined
  at::Tensor half_spread = {};  ///< [B, 1, 2h, 2w] sum g^2 - 4 mean^2 over them

  std::vector<at::Tensor> points = {};  ///< per crop [N, 2] head annotations (x, y), pixels
  std::vector<Draw> draws = {};         ///< per crop, what random choices are drawn from
  double scale = 1.0;                   ///< maps hold people x scale
};

/// Pixels of the full-resolution map in one cell of the 1/4 grid.
constexpr double kPixelsPerCell = 16.0;

/// From block sums in people, as data/sample.h gives them: density [B, h, w], density_squared [B, h, w].
Target make_target(const at::Tensor& density, const at::Tensor& density_squared, const at::Tensor& foreground,
                   double scale);

/// Adds truth on the 1/2 grid, [B, 2h, 2w] each in people and people squared.
void add_half_grid(Target& target, const at::Tensor& density, const at::Tensor& density_squared);

/// Sum of squared errors of each cell's 16 pixels, [B, 1, h, w].
at::Tensor squared_error(const at::Tensor& prediction, const Target& target);

}  // namespace throng
