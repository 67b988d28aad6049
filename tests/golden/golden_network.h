#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <string>

#include "core/draw.h"
#include "golden/golden_files.h"
#include "model/density_net.h"
#include "weights/name_map.h"

// The released network with the weights of the golden formula (tests/golden/README.md).
namespace throng::golden {

/// uniform(name, i) in [-1, 1), exact in float32.
inline at::Tensor uniform(const std::string& name, std::uint64_t seed, at::IntArrayRef shape) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  at::Tensor values = at::empty(shape, at::kFloat);
  float* data = values.data_ptr<float>();
  const std::uint64_t start = fnv1a64(name) + seed * kStep + kStep;
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    data[i] =
        static_cast<float>(static_cast<double>(mix(start + static_cast<std::uint64_t>(i)) >> 40) / 8388608.0 - 1.0);
  }
  return values;
}

/// The name in the released state dict of one of our tensors.
inline std::string released_name(const std::string& ours) {
  const auto after = [&](std::size_t at) { return ours.substr(at); };
  const auto number = [&](std::size_t at) { return ours[at] - '0'; };
  if (ours.starts_with("encoder.stage")) {  // encoder.stage3.1[.norm].weight
    const int stage = number(13), conv = number(15);
    const bool norm = ours.find(".norm.") != std::string::npos;
    const int index = (stage > 1 ? 1 : 0) + 3 * conv + (norm ? 1 : 0);
    return "features" + std::to_string(stage) + "." + std::to_string(index) + after(ours.rfind('.'));
  }
  if (ours.starts_with("decoder.block")) return "de_pred" + ours.substr(13, 3) + ".conv" + after(16);
  if (ours.starts_with("head")) return ours.substr(0, 7) + ".conv" + after(7);
  if (ours.starts_with("gate"))
    return "gating" + ours.substr(4, 1) + ".conv" + std::to_string(number(6) + 1) + ".conv" + after(7);
  const char* const parts[] = {"conv1", "conv2", "output"};
  return std::string("mask.") + parts[number(10)] + ".conv" + after(11);
}

inline void fill(DensityNet& net, std::uint64_t seed) {
  for (const NamedTensor& named : net.tensors()) {
    const std::string name = released_name(named.name);
    at::Tensor u = uniform(name, seed, named.tensor->sizes());
    const bool norm = named.name.find(".norm.") != std::string::npos;
    if (name.ends_with("running_var")) {
      u = 1 + 0.5 * u;
    } else if (name.ends_with("running_mean")) {
      u = 0.1 * u;
    } else if (name.ends_with("bias")) {
      u = name.starts_with("head") && name.find(".1.conv") != std::string::npos ? at::full_like(u, 0.5) : 0.05 * u;
    } else if (norm) {
      u = 1 + 0.2 * u;
    } else {
      u = u * std::sqrt(6.0 / static_cast<double>(u.numel() / u.size(0)));
      if (name.starts_with("head") && name.find(".1.conv") != std::string::npos) u = u * 0.1;
    }
    named.tensor->copy_(u);
  }
}

inline at::Tensor as_tensor(const Tensor& tensor) { return at::tensor(tensor.floats()).view(tensor.shape); }

/// max |a - b| / max |b|.
inline double relative_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>() / b.abs().max().item<double>();
}

}  // namespace throng::golden
