#include "model/half.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "model/model_file.h"
#include "throng/error.h"
#include "weights/finite.h"

namespace throng {

at::Tensor in_half(const std::string& name, const at::Tensor& tensor) {
  if (is_norm(name) || !tensor.is_floating_point()) return tensor;
  at::Tensor half = tensor.to(at::kHalf);
  if (!all_finite(half)) {
    throw Error(ErrorKind::failure, text(name, " has values beyond fp16's range: store them in fp32"));
  }
  return half;
}

}  // namespace throng
