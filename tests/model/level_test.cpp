#include "model/level.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "expect_error.h"

namespace throng {
namespace {

const Hierarchy& pairs() {
  static const Hierarchy hierarchy(3, {{{1, 2}, {1, 3}, {2, 3}}, {{1, 2, 3}}});
  return hierarchy;
}

Level make_level(const std::string& weighting, std::vector<std::int64_t> feature_channels) {
  const GateConfig config{.trunk = {{1, 4}}, .weighting = weighting};
  Level level(1, config, pairs().levels().front(), pairs().logits(0), {8, std::move(feature_channels), 4}, 1.0);
  const auto fill = [](const std::string&, ConvBlock& block) {
    block.weight.normal_(0, 0.3);
    block.bias.fill_(0.1);
  };
  level.visit_gate(fill);
  level.visit_heads(fill);
  return level;
}

TEST(Level, ConcatProjectsTheFeaturesOfAllMembers) {
  const at::NoGradGuard no_gradients;
  Level level = make_level("concat", {2, 3, 4});
  EXPECT_FALSE(level.has_gate());
  EXPECT_EQ(level.feature_channels(), (std::vector<std::int64_t>{5, 6, 7}));
  std::vector<Candidate> experts(3);
  for (int k = 0; k < 3; ++k) experts[k].features = at::rand({1, 2 + k, 5, 5});
  const std::vector<Candidate> mixed = level.mix(experts, {});
  at::Tensor weight, bias;
  level.visit_heads([&](const std::string& name, ConvBlock& block) {
    if (name == "head_group13.0") weight = block.weight, bias = block.bias;
  });
  const at::Tensor expected =
      at::relu(at::conv2d(at::cat({experts[0].features, experts[2].features}, 1), weight, bias));
  EXPECT_TRUE(at::allclose(mixed[1].density, expected, 1e-5, 1e-6));
}

TEST(Level, ChannelGatingMixesFeaturesBeforeTheHead) {
  const at::NoGradGuard no_gradients;
  Level level = make_level("channel", {6, 6, 6});
  const at::Tensor weights = level.gate().weights(level.gate().logits(at::rand({2, 8, 2, 2})));
  EXPECT_EQ(weights.sizes(), (at::IntArrayRef{2, 6, 6, 1, 1}));
  std::vector<Candidate> experts(3);
  for (Candidate& expert : experts) expert.features = at::rand({2, 6, 5, 5});
  const std::vector<Candidate> mixed = level.mix(experts, weights);
  const at::Tensor expected = experts[1].features * weights.select(1, 4) + experts[2].features * weights.select(1, 5);
  EXPECT_TRUE(at::allclose(mixed[2].features, expected, 1e-5, 1e-6));
  EXPECT_EQ(mixed[2].density.sizes(), (at::IntArrayRef{2, 1, 5, 5}));
}

TEST(Level, SecondHeadIsMixedByTheSameWeights) {
  const at::NoGradGuard no_gradients;
  Level level = make_level("pixel", {});
  const at::Tensor weights = level.gate().weights(level.gate().logits(at::rand({1, 8, 2, 2})));
  std::vector<Candidate> experts(3);
  for (Candidate& expert : experts) {
    expert.density = at::rand({1, 1, 8, 8});
    expert.local = expert.density * 2;
  }
  for (const Candidate& group : level.mix(experts, weights))
    EXPECT_TRUE(at::allclose(group.local, group.density * 2, 1e-5, 1e-6));
}

TEST(Level, FeaturesThatAreGoneCannotBeMixed) {
  expect_error(ErrorKind::usage, {"level 1", "channel"}, [] { make_level("channel", {}); });
}

}  // namespace
}  // namespace throng
