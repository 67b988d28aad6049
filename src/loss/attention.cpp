#include <ATen/ATen.h>

#include "loss/terms.h"
#include "model/resize.h"

namespace throng {

at::Tensor attention_loss(const at::Tensor& attention, const at::Tensor& foreground) {
  constexpr double kTiny = 1e-10;  // keeps the logarithms finite
  const at::Tensor a = resize_nearest(attention, foreground.size(2), foreground.size(3));
  return -(foreground * at::log(a + kTiny) + (1 - foreground) * at::log(1 - a + kTiny)).sum() * kPixelsPerCell;
}

}  // namespace throng
