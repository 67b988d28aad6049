#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "core/draw.h"
#include "model/density_net.h"

namespace throng {

namespace {

// With ReLU behind it a head that starts below zero everywhere never learns; this is the mean density of a dense crowd
// (x100 people per pixel).
constexpr float kHeadStart = 0.1F;

void fill_normal(at::Tensor& tensor, const Draw& draw, double deviation) {
  at::Tensor values = at::empty(tensor.sizes(), at::kFloat);
  float* data = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) data[i] = static_cast<float>(draw.normal(i) * deviation);
  tensor.copy_(values);
}

bool is_last_of_head(const std::string& name) { return name.starts_with("head") && name.ends_with(".1"); }

}  // namespace

void initialise(DensityNet& net, std::uint64_t seed) {
  const at::NoGradGuard no_gradients;
  const bool kaiming = net.config().init == "kaiming";
  net.visit([&](const std::string& name, ConvBlock& block) {
    const std::int64_t inputs = block.weight[0].numel();
    const auto fan_in = static_cast<double>(inputs);
    // An encoder without pretrained weights only trains when its activations keep their size.
    const bool scaled = kaiming || name.starts_with("encoder.");
    fill_normal(block.weight, Draw(seed, name + ".weight"), scaled ? std::sqrt(2.0 / fan_in) : 0.01);
    if (block.bias.defined()) block.bias.fill_(kaiming && is_last_of_head(name) ? kHeadStart : 0.0F);
  });
}

}  // namespace throng
