#include "train/batch_tensors.h"

#include <ATen/ATen.h>

namespace throng {

namespace {

// from_blob wants a mutable pointer; the tensors are only read.
template <class Value>
at::Tensor view_of(const std::vector<Value>& values, at::IntArrayRef sizes, at::ScalarType type) {
  return at::from_blob(const_cast<Value*>(values.data()), sizes, type);
}

at::Tensor valid_sides(const Batch& batch) {
  at::Tensor sides = at::empty({batch.batch, 2}, at::kInt);
  auto* side = sides.data_ptr<std::int32_t>();
  for (std::size_t b = 0; b < static_cast<std::size_t>(batch.batch); ++b) {
    *side++ = batch.valid_height[b];
    *side++ = batch.valid_width[b];
  }
  return sides;
}

// [B, 1, S, S]: what is no picture.
at::Tensor outside(const at::Tensor& valid, std::int64_t size) {
  const at::Tensor places = at::arange(size, valid.options());
  const auto beyond = [&](std::int64_t side) { return places.unsqueeze(0) >= valid.narrow(1, side, 1); };
  return beyond(0).unsqueeze(2).logical_or(beyond(1).unsqueeze(1)).unsqueeze(1);
}

BatchTensors maps_of(const Batch& batch) {
  const std::int64_t quarter = batch.size / 4, half = batch.size / 2;
  const auto map = [&](const std::vector<float>& values, std::int64_t cells) {
    return values.empty() ? at::Tensor() : view_of(values, {batch.batch, cells, cells}, at::kFloat);
  };
  return {.density = map(batch.density, quarter),
          .density_squared = map(batch.density_squared, quarter),
          .foreground = map(batch.foreground, quarter),
          .half_density = map(batch.half_density, half),
          .half_density_squared = map(batch.half_density_squared, half)};
}

at::Tensor pixels_of(const Batch& batch) {
  return view_of(batch.rgb, {batch.batch, batch.size, batch.size, 3}, at::kByte);
}

}  // namespace

std::vector<at::Tensor> BatchTensors::list() const {
  return {rgb, valid, density, density_squared, foreground, half_density, half_density_squared};
}

BatchTensors BatchTensors::from(const std::vector<at::Tensor>& list) {
  return {.rgb = list[0],
          .valid = list[1],
          .density = list[2],
          .density_squared = list[3],
          .foreground = list[4],
          .half_density = list[5],
          .half_density_squared = list[6]};
}

BatchTensors batch_tensors(const Batch& batch) {
  BatchTensors tensors = maps_of(batch);
  tensors.rgb = pixels_of(batch);
  tensors.valid = valid_sides(batch);
  return tensors;
}

at::Tensor batch_images(const BatchTensors& tensors, const ByteNormaliser& normaliser) {
  return normaliser(tensors.rgb).masked_fill_(outside(tensors.valid, tensors.rgb.size(1)), 0);
}

at::Tensor batch_images(const Batch& batch, const Normalisation& normalisation, const at::Device& device) {
  return batch_images({.rgb = pixels_of(batch).to(device), .valid = valid_sides(batch).to(device)},
                      ByteNormaliser(normalisation, device));
}

Target batch_target(const BatchTensors& tensors, double density_scale) {
  Target target = make_target(tensors.density, tensors.density_squared, tensors.foreground, density_scale);
  if (tensors.half_density.defined()) add_half_grid(target, tensors.half_density, tensors.half_density_squared);
  return target;
}

Target batch_target(const Batch& batch, double density_scale, std::uint64_t seed, const at::Device& device) {
  std::vector<at::Tensor> maps = maps_of(batch).list();
  for (at::Tensor& map : maps) {
    if (map.defined()) map = map.to(device, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }
  Target target = batch_target(BatchTensors::from(maps), density_scale);
  for (const std::vector<Point>& points : batch.points) {
    // A Point is two doubles.
    target.points.push_back(view_of(points, {static_cast<std::int64_t>(points.size()), 2}, at::kDouble)
                                .to(device, at::kFloat, false, true));
  }
  for (const std::uint64_t visit : batch.visits) target.draws.emplace_back(seed, "loss", batch.epoch, visit);
  return target;
}

}  // namespace throng
