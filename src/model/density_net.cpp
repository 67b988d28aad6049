#include "model/density_net.h"

#include <ATen/ATen.h>

namespace throng {

DensityNet::DensityNet(const ModelConfig& config) : config_(config), network_(make_network(config)) {}

std::vector<NamedTensor> DensityNet::tensors() {
  std::vector<NamedTensor> all;
  visit([&](const std::string& name, ConvBlock& block) {
    for (NamedTensor& tensor : block_tensors(name, block)) all.push_back(std::move(tensor));
  });
  return all;
}

std::int64_t DensityNet::parameters() {
  std::int64_t count = 0;
  for (const NamedTensor& named : tensors()) count += named.trained ? named.tensor->numel() : 0;
  return count;
}

void DensityNet::to(const at::Device& device) {
  for (const NamedTensor& named : tensors()) *named.tensor = named.tensor->to(device);
}

void DensityNet::train(bool on, bool freeze_encoder_norm) {
  visit([&](const std::string& name, ConvBlock& block) {
    block.use_batch_statistics(on && !(freeze_encoder_norm && name.starts_with("encoder.")));
  });
}

bool gives_density(const std::string& name, const ConvBlock& block) {
  return (name.starts_with("head") || name.starts_with("local")) && block.spec().out == 1;
}

}  // namespace throng
