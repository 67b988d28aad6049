#include <gtest/gtest.h>

#include <ATen/core/grad_mode.h>

#include <iostream>
#include <vector>

#include "golden/golden_network.h"

namespace throng {
namespace {

// Convolutions in the order in which they run, with the weights of tests/reference/table10.py.
void fill_in_order(DensityNet& net, std::uint64_t seed) {
  std::vector<ConvBlock*> blocks;
  net.visit([&](const std::string&, ConvBlock& block) { blocks.push_back(&block); });
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool last = i + 1 == blocks.size();
    const std::string name = "conv" + std::to_string(i);
    at::Tensor& weight = blocks[i]->weight;
    const double fan_in = static_cast<double>(weight.numel()) / static_cast<double>(weight.size(0));
    weight.copy_(golden::uniform(name + ".weight", seed, weight.sizes()) * std::sqrt(6 / fan_in) * (last ? 0.1 : 1.0));
    at::Tensor& bias = blocks[i]->bias;
    bias.copy_(last ? at::full_like(bias, 0.5) : 0.05 * golden::uniform(name + ".bias", seed, bias.sizes()));
  }
}

void agrees_with_python(const ModelConfig& config) {
  const at::NoGradGuard no_gradients;
  const auto files = golden::files("table10_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("table10_seed");
  for (const golden::File& file : files) {
    const auto seed = file.numbers().at("seed").get<std::uint64_t>();
    DensityNet net{config};
    fill_in_order(net, seed);
    int used = 0;
    for (const std::string& name : file.tensor_names()) {
      if (!name.starts_with(config.network + ".")) continue;
      SCOPED_TRACE(file.name() + " " + name);
      const at::Tensor expected = golden::as_tensor(file.tensor(name));  // [H/8, W/8]
      const std::int64_t height = 8 * expected.size(0), width = 8 * expected.size(1);
      const std::string input = "input" + std::to_string(height) + "x" + std::to_string(width);
      const at::Tensor map = net.forward(2 * golden::uniform(input, seed, {1, 3, height, width})).final_map()[0][0];
      EXPECT_LE(golden::relative_difference(map, expected.repeat_interleave(2, 0).repeat_interleave(2, 1)), 1e-4);
      ++used;
    }
    EXPECT_GE(used, 2);
  }
  std::cout << files.size() << " golden files used\n";
}

TEST(Table10Networks, GoldenCsrNet) {
  ModelConfig config;
  config.network = "csrnet";
  config.encoder = "vgg16";
  agrees_with_python(config);
}

TEST(Table10Networks, GoldenDmCount) {
  ModelConfig config;
  config.network = "dm_count";
  config.encoder = "vgg19";
  config.resize = "align_corners";
  agrees_with_python(config);
}

}  // namespace
}  // namespace throng
