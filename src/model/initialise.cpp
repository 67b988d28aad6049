#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "core/draw.h"
#include "model/density_net.h"

namespace throng {

namespace {

// With ReLU behind it a head that falls below zero everywhere never learns again. So it starts flat, at the mean
// density of a dense crowd (x100 people per pixel): one that starts with the spread of its features is pushed down at
// first by its largest values, and dies.
constexpr float kHeadStart = 0.1F;
constexpr double kHeadDeviation = 0.01;
constexpr double kReleasedDeviation = 0.01;

void fill_normal(at::Tensor& tensor, const Draw& draw, double deviation) {
  at::Tensor values = at::empty(tensor.sizes(), at::kFloat);
  float* data = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) data[i] = static_cast<float>(draw.normal(i) * deviation);
  tensor.copy_(values);
}

double start_deviation(const std::string& name, const ConvBlock& block, bool kaiming) {
  // An encoder without pretrained weights only trains when its activations keep their size.
  if (!kaiming && !name.starts_with("encoder.")) return kReleasedDeviation;
  if (gives_density(name, block)) return kHeadDeviation;
  return std::sqrt(2.0 / static_cast<double>(block.weight[0].numel()));
}

}  // namespace

void initialise(DensityNet& net, std::uint64_t seed) {
  const at::NoGradGuard no_gradients;
  const bool kaiming = net.config().init == "kaiming";
  net.visit([&](const std::string& name, ConvBlock& block) {
    fill_normal(block.weight, Draw(seed, name + ".weight"), start_deviation(name, block, kaiming));
    if (block.bias.defined()) block.bias.fill_(kaiming && gives_density(name, block) ? kHeadStart : 0.0F);
  });
}

}  // namespace throng
