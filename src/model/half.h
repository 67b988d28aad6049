#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace throng {

/// A tensor of a weight file in fp16. Those of normalisation stay as they are, for their variances span more than fp16
/// does, and so do whole numbers. Throws Error(failure) that names the tensor where fp16 cannot hold its values.
at::Tensor in_half(const std::string& name, const at::Tensor& tensor);

}  // namespace throng
