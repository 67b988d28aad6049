#include "train/batch_tensors.h"

#include <ATen/ATen.h>

namespace throng {

at::Tensor batch_images(const Batch& batch, const Normalisation& normalisation, const at::Device& device) {
  const std::int64_t size = batch.size;
  // from_blob wants a mutable pointer; the tensor is only read.
  auto* bytes = const_cast<std::uint8_t*>(batch.rgb.data());
  const at::Tensor rgb = at::from_blob(bytes, {batch.batch, size, size, 3}, at::kByte).to(device).permute({0, 3, 1, 2});
  const auto per_channel = [&](const std::vector<double>& values) {
    return at::tensor(values).to(at::TensorOptions().dtype(at::kFloat).device(device)).view({1, 3, 1, 1});
  };
  at::Tensor images =
      rgb.to(at::kFloat).div_(255.0).sub_(per_channel(normalisation.mean)).div_(per_channel(normalisation.deviation));
  for (int b = 0; b < batch.batch; ++b) {
    if (batch.valid_height[b] < size) images[b].narrow(1, batch.valid_height[b], size - batch.valid_height[b]).zero_();
    if (batch.valid_width[b] < size) images[b].narrow(2, batch.valid_width[b], size - batch.valid_width[b]).zero_();
  }
  return images;
}

Target batch_target(const Batch& batch, double density_scale, const at::Device& device) {
  const std::int64_t cells = batch.size / 4;
  const auto tensor = [&](const std::vector<float>& values) {
    return at::from_blob(const_cast<float*>(values.data()), {batch.batch, cells, cells}, at::kFloat)
        .to(device, at::kFloat, false, true);
  };
  return make_target(tensor(batch.density), tensor(batch.density_squared), tensor(batch.foreground), density_scale);
}

}  // namespace throng
