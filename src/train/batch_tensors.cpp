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

Target batch_target(const Batch& batch, double density_scale, std::uint64_t seed, const at::Device& device) {
  const auto tensor = [&](const std::vector<float>& values, std::int64_t cells) {
    return at::from_blob(const_cast<float*>(values.data()), {batch.batch, cells, cells}, at::kFloat)
        .to(device, at::kFloat, false, true);
  };
  const std::int64_t quarter = batch.size / 4, half = batch.size / 2;
  Target target = make_target(tensor(batch.density, quarter), tensor(batch.density_squared, quarter),
                              tensor(batch.foreground, quarter), density_scale);
  if (!batch.half_density.empty())
    add_half_grid(target, tensor(batch.half_density, half), tensor(batch.half_density_squared, half));
  for (const std::vector<Point>& points : batch.points) {
    // A Point is two doubles.
    auto* coordinates = const_cast<Point*>(points.data());
    target.points.push_back(at::from_blob(coordinates, {static_cast<std::int64_t>(points.size()), 2}, at::kDouble)
                                .to(device, at::kFloat, false, true));
  }
  for (const std::uint64_t visit : batch.visits) target.draws.emplace_back(seed, "loss", batch.epoch, visit);
  return target;
}

}  // namespace throng
