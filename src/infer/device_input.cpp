#include "infer/device_input.h"

#include <ATen/ATen.h>

namespace throng {

namespace {

at::Tensor values_per_channel(const std::vector<double>& values, const at::Device& device) {
  return at::tensor(values).to(at::TensorOptions().dtype(at::kFloat).device(device)).view({1, -1, 1, 1});
}

}  // namespace

ByteNormaliser::ByteNormaliser(const Normalisation& normalisation, const at::Device& device)
    : mean_(values_per_channel(normalisation.mean, device)),
      deviation_(values_per_channel(normalisation.deviation, device)) {}

at::Tensor ByteNormaliser::operator()(const at::Tensor& bytes) const {
  return bytes.permute({0, 3, 1, 2}).to(at::kFloat).div_(255.0).sub_(mean_).div_(deviation_);
}

at::Tensor staging_tensor(at::IntArrayRef sizes, at::ScalarType type, const at::Device& device) {
  return at::empty(sizes, at::TensorOptions().dtype(type).pinned_memory(!device.is_cpu()));
}

}  // namespace throng
