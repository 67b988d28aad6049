#pragma once

#include "weights/tensor_file.h"

namespace throng {

/// Whether floating-point numbers are neither NaN nor infinite in fp32, where a double may not be finite any more. One
/// thread and no temporary tensors: every start of the program waits for it.
bool all_finite(const at::Tensor& tensor);

/// Whether all of a file's floating-point tensors are.
bool all_finite(const TensorFile& file);

}  // namespace throng
