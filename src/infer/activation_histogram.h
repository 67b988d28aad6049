#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace throng {

/// How often an activation has which size, zeros left out: what is needed to choose the range of u8.
class ActivationHistogram {
 public:
  ActivationHistogram();

  /// Adds values of any shape, fp32, none negative. Throws Error(model) where one is not finite.
  void add(const at::Tensor& values);

  /// The largest value that 255 stands for, so that the squared error of rounding, and of cutting off what is larger,
  /// is least over all that was added; 0 where nothing but zeros was.
  float best_range() const;

 private:
  void widen(double largest);

  double width_ = 0;  // of a bin; 0 before the first value
  std::vector<double> counts_;
};

}  // namespace throng
