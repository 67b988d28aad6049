#include "model/gates/gate.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "expect_error.h"

namespace throng {
namespace {

using Shape = std::vector<std::int64_t>;

const Hierarchy& pairs() {
  static const Hierarchy hierarchy(3, {{{1, 2}, {1, 2, 3}, {2}}, {{1, 2, 3}}});
  return hierarchy;
}

GateConfig config_of(const std::string& weighting) {
  GateConfig config;
  config.trunk = {{3, 8}};
  config.weighting = weighting;
  return config;
}

Gate gate_of(const std::string& weighting, std::int64_t channels = 1) {
  Gate gate(config_of(weighting), 4, pairs().levels()[0], pairs().logits(0), channels, 1.0);
  gate.visit("gate1", [](const std::string&, ConvBlock& block) {
    block.weight.copy_(at::rand(block.weight.sizes()));
    block.bias.copy_(at::rand(block.bias.sizes()));
  });
  return gate;
}

at::Tensor weights_of(const Gate& gate, const at::Tensor& feature) { return gate.weights(gate.logits(feature)); }

TEST(Gate, GivesOneLogitPerMemberOfEachGroup) {
  Gate gate = gate_of("pixel");
  std::vector<std::string> names;
  std::int64_t logits = 0;
  gate.visit("gate1", [&](const std::string& name, ConvBlock& block) {
    names.push_back(name);
    logits = block.spec().out;
  });
  EXPECT_EQ(names, (std::vector<std::string>{"gate1.0", "gate1.1"}));
  EXPECT_EQ(logits, 5) << "two and three; the group of one has none";
}

TEST(Gate, WeighsAsItsConfigurationSays) {
  const at::Tensor feature = at::rand({2, 4, 6, 7});
  const auto shape = [&](const std::string& weighting, std::int64_t channels = 1) {
    const at::Tensor weights = weights_of(gate_of(weighting, channels), feature);
    EXPECT_TRUE(at::allclose(weights.narrow(1, 0, 2).sum(1), at::ones_like(weights.select(1, 0)))) << weighting;
    EXPECT_TRUE(at::allclose(weights.narrow(1, 2, 3).sum(1), at::ones_like(weights.select(1, 0)))) << weighting;
    return weights.sizes().vec();
  };
  EXPECT_EQ(shape("pixel"), (Shape{2, 5, 6, 7}));
  EXPECT_EQ(shape("hard"), (Shape{2, 5, 6, 7}));
  EXPECT_EQ(shape("image"), (Shape{2, 5, 1, 1}));
  EXPECT_EQ(shape("channel", 3), (Shape{2, 5, 3, 1, 1}));
}

// Negative logits count as zero: with a bias far below, all members weigh the same.
TEST(Gate, HasReluBehindItsLastConvolution) {
  Gate gate = gate_of("pixel");
  gate.visit("gate1", [](const std::string& name, ConvBlock& block) {
    if (name == "gate1.1") block.bias.copy_(at::tensor({-1e6F, -2e6F, -1e6F, -2e6F, -3e6F}));
  });
  const at::Tensor weights = weights_of(gate, at::rand({1, 4, 3, 3}));
  EXPECT_TRUE(at::allclose(weights.narrow(1, 0, 2), at::full({1, 2, 3, 3}, 0.5)));
  EXPECT_TRUE(at::allclose(weights.narrow(1, 2, 3), at::full({1, 3, 3, 3}, 1.0 / 3)));
}

TEST(Gate, RefusesAWeightingThatIsNone) {
  expect_error(ErrorKind::usage, {"softmax", "pixel"}, [] { gate_of("softmax"); });
}

}  // namespace
}  // namespace throng
