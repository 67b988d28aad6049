#include "model/trunk.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "expect_error.h"

namespace throng {
namespace {

TEST(Trunk, EveryBlockKeepsTheSizeAndScalesItsChannels) {
  const at::NoGradGuard no_gradients;
  for (const std::string& block : kTrunkBlocks) {
    SCOPED_TRACE(block);
    Trunk trunk({{3, 16}, {1, 8}}, block, 5, 3, 0.5, Activation::relu, "key");
    EXPECT_EQ(trunk.forward(at::rand({2, 5, 7, 9})).sizes(), (at::IntArrayRef{2, 3, 7, 9}));
    std::int64_t before_last = 0;
    trunk.visit("t", [&](const std::string&, ConvBlock& conv) { before_last = conv.spec().in; });
    EXPECT_EQ(before_last, 4) << "of 8 channels at half the width";
  }
}

TEST(Trunk, PlainLayersAreNumbered) {
  Trunk trunk({{3, 4}}, "conv", 2, 1, 1.0, Activation::none, "key");
  std::vector<std::string> names;
  trunk.visit("gate1", [&](const std::string& name, ConvBlock&) { names.push_back(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"gate1.0", "gate1.1"}));
}

TEST(Trunk, EvenKernelIsRefusedByItsKey) {
  expect_error(ErrorKind::usage, {"model.attention", "odd kernel"}, [] {
    Trunk({{2, 8}}, "conv", 3, 1, 1.0, Activation::relu, "model.attention");
  });
}

}  // namespace
}  // namespace throng
