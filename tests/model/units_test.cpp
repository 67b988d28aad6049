#include "model/units.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace throng {
namespace {

void fill(const std::string&, ConvBlock& block) {
  block.weight.normal_(0, 0.2);
  if (block.bias.defined()) block.bias.normal_(0, 0.2);
}

template <class Unit>
std::vector<std::string> names(Unit& unit) {
  std::vector<std::string> all;
  unit.visit("u", [&](const std::string& name, ConvBlock&) { all.push_back(name); });
  return all;
}

TEST(ResidualUnit, AddsTheInputBeforeTheLastReLU) {
  const at::NoGradGuard no_gradients;
  ResidualUnit unit = make_residual_unit(4, 4, 3);
  unit.visit("u", fill);
  EXPECT_EQ(names(unit), (std::vector<std::string>{"u.conv1", "u.conv2"}));
  const at::Tensor x = at::randn({1, 4, 5, 6});
  const at::Tensor inner = at::relu(at::conv2d(x, unit.convs[0].weight, unit.convs[0].bias, 1, 1));
  const at::Tensor expected = at::relu(at::conv2d(inner, unit.convs[1].weight, unit.convs[1].bias, 1, 1) + x);
  EXPECT_TRUE(at::allclose(unit.forward(x), expected, 1e-5, 1e-5));
}

TEST(ResidualUnit, ProjectsTheInputWhereTheChannelsChange) {
  const at::NoGradGuard no_gradients;
  ResidualUnit unit = make_residual_unit(4, 6, 3);
  EXPECT_EQ(names(unit), (std::vector<std::string>{"u.conv1", "u.conv2", "u.downsample"}));
  EXPECT_EQ(unit.forward(at::randn({2, 4, 5, 6})).sizes(), (at::IntArrayRef{2, 6, 5, 6}));
}

TEST(MultiScaleUnit, IsTheConcatenationOfItsBranches) {
  const at::NoGradGuard no_gradients;
  MultiScaleUnit unit = make_multi_scale_unit(6, 10);
  unit.visit("u", fill);
  EXPECT_EQ(names(unit), (std::vector<std::string>{"u.branch1", "u.reduce3", "u.branch3", "u.reduce5", "u.branch5",
                                                   "u.reduce7", "u.branch7"}));
  const at::Tensor x = at::randn({1, 6, 9, 8});
  const at::Tensor y = unit.forward(x);
  EXPECT_EQ(y.sizes(), (at::IntArrayRef{1, 10, 9, 8}));
  const at::Tensor reduced = at::relu(at::conv2d(x, unit.reductions[2].weight, unit.reductions[2].bias));
  const at::Tensor widest = at::relu(at::conv2d(reduced, unit.branches[3].weight, unit.branches[3].bias, 1, 3));
  EXPECT_TRUE(at::allclose(y.narrow(1, 8, 2), widest, 1e-5, 1e-5));
}

}  // namespace
}  // namespace throng
