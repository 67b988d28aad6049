#include "loss/target.h"

#include <ATen/ATen.h>

namespace throng {

Target make_target(const at::Tensor& density, const at::Tensor& density_squared, const at::Tensor& foreground,
                   double scale) {
  Target target;
  target.mean = density.unsqueeze(1) * (scale / kPixelsPerCell);
  target.spread = density_squared.unsqueeze(1) * (scale * scale) - target.mean.square() * kPixelsPerCell;
  target.foreground = foreground.unsqueeze(1);
  target.scale = scale;
  return target;
}

void add_half_grid(Target& target, const at::Tensor& density, const at::Tensor& density_squared) {
  constexpr double kPixels = 4.0;
  target.half_mean = density.unsqueeze(1) * (target.scale / kPixels);
  target.half_spread =
      density_squared.unsqueeze(1) * (target.scale * target.scale) - target.half_mean.square() * kPixels;
}

at::Tensor squared_error(const at::Tensor& prediction, const Target& target) {
  return (prediction - target.mean).square() * kPixelsPerCell + target.spread;
}

}  // namespace throng
