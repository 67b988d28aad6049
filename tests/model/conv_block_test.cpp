#include "model/conv_block.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

namespace throng {
namespace {

ConvBlock one_by_one(double weight, double bias, Activation activation) {
  ConvSpec spec{.in = 1, .out = 1, .kernel = 1};
  spec.activation = activation;
  ConvBlock block(spec);
  block.weight.fill_(weight);
  block.bias.fill_(bias);
  return block;
}

TEST(ConvBlock, AddsTheResidualBeforeTheActivation) {
  const at::Tensor input = at::full({1, 1, 1, 1}, 2.0F);
  EXPECT_EQ(one_by_one(3, 1, Activation::none).forward(input).item<float>(), 7.0F);
  EXPECT_EQ(one_by_one(-3, 1, Activation::relu).forward(input).item<float>(), 0.0F);
  EXPECT_EQ(one_by_one(-3, 1, Activation::relu).forward(input, at::full({1, 1, 1, 1}, 9.0F)).item<float>(), 4.0F);
}

TEST(ConvBlock, KeepsTheSizeAtStrideOne) {
  const ConvBlock block(ConvSpec{.in = 2, .out = 5, .kernel = 7});
  EXPECT_EQ(block.forward(at::zeros({1, 2, 9, 11})).sizes(), (at::IntArrayRef{1, 5, 9, 11}));
}

// (3 * 2 + 1 - mean 3) / sqrt(variance 4) * gamma 5 + beta 0.5 = 10.5.
TEST(ConvBlock, NormalisesByRunningStatisticsAndFoldsThem) {
  ConvSpec spec{.in = 1, .out = 1, .kernel = 1};
  spec.norm = true;
  spec.norm_eps = 0;
  ConvBlock block(spec);
  block.weight.fill_(3);
  block.bias.fill_(1);
  block.norm->running_mean.fill_(3);
  block.norm->running_var.fill_(4);
  block.norm->weight.fill_(5);
  block.norm->bias.fill_(0.5);
  const at::Tensor input = at::full({1, 1, 1, 1}, 2.0F);
  EXPECT_NEAR(block.forward(input).item<float>(), 10.5F, 1e-5);
  block.fold_norm();
  EXPECT_FALSE(block.norm.has_value());
  EXPECT_NEAR(block.forward(input).item<float>(), 10.5F, 1e-5);
}

TEST(ConvBlock, FoldsExtremeVariances) {
  ConvSpec spec{.in = 4, .out = 2, .kernel = 3};
  spec.norm = true;
  spec.norm_eps = 1.001e-5;
  ConvBlock block(spec);
  block.weight.copy_(at::randn(block.weight.sizes()));
  block.norm->running_var.copy_(at::tensor({83614.0F, 1e-7F}));
  const at::Tensor input = at::randn({1, 4, 6, 6});
  const at::Tensor before = block.forward(input);
  block.fold_norm();
  EXPECT_TRUE(at::allclose(before, block.forward(input), 1e-4, 1e-4));
}

TEST(ConvBlock, BatchStatisticsMoveTheRunningOnesByATenth) {
  ConvSpec spec{.in = 1, .out = 1, .kernel = 1};
  spec.norm = true;
  ConvBlock block(spec);
  block.weight.fill_(1);
  block.use_batch_statistics(true);
  block.forward(at::tensor({1.0F, 3.0F}).view({2, 1, 1, 1}));
  EXPECT_NEAR(block.norm->running_mean.item<float>(), 0.2F, 1e-6);
  EXPECT_NEAR(block.norm->running_var.item<float>(), 0.9F + 0.1F * 2.0F, 1e-6);
}

TEST(BlockTensors, TrainsAllButTheRunningStatistics) {
  ConvSpec spec{.in = 1, .out = 1};
  spec.norm = true;
  ConvBlock block(spec);
  std::vector<std::string> trained, fixed;
  for (const NamedTensor& named : block_tensors("x", block)) (named.trained ? trained : fixed).push_back(named.name);
  EXPECT_EQ(trained, (std::vector<std::string>{"x.weight", "x.bias", "x.norm.weight", "x.norm.bias"}));
  EXPECT_EQ(fixed, (std::vector<std::string>{"x.norm.running_mean", "x.norm.running_var"}));
}

}  // namespace
}  // namespace throng
