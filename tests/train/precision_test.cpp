#include "train/precision.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "expect_error.h"

namespace throng {
namespace {

at::ScalarType type_of_a_convolution() {
  return at::conv2d(at::ones({1, 2, 8, 8}), at::ones({3, 2, 3, 3})).scalar_type();
}

/// bf16 is refused where the processor does not multiply it.
bool has_bf16() { return Autocast("auto", at::kCPU).on(); }

TEST(Autocast, Fp32ChangesNothing) {
  const Autocast autocast("fp32", at::kCPU);
  EXPECT_FALSE(autocast.on());
  EXPECT_EQ(autocast.precision(), Precision::fp32);
  const AutocastScope scope(autocast);
  EXPECT_EQ(type_of_a_convolution(), at::kFloat);
  EXPECT_FALSE(at::autocast::is_autocast_enabled(at::kCPU));
}

TEST(Autocast, RefusesOtherWords) {
  expect_error(ErrorKind::usage, {"fp8", "bf16"}, [] { Autocast("fp8", at::kCPU); });
}

TEST(Autocast, ConvolutionsAreBf16AsLongAsItsScopeLives) {
  if (!has_bf16()) GTEST_SKIP() << "this processor does not multiply bf16";
  const Autocast autocast("bf16", at::kCPU);
  {
    const AutocastScope scope(autocast);
    EXPECT_EQ(type_of_a_convolution(), at::kBFloat16);
    {
      const AutocastScope inner(autocast);
      EXPECT_EQ(type_of_a_convolution(), at::kBFloat16);
    }
    EXPECT_EQ(type_of_a_convolution(), at::kBFloat16) << "the inner scope leaves what it found";
  }
  EXPECT_EQ(type_of_a_convolution(), at::kFloat);
}

TEST(Autocast, TheForwardPassGivesFp32) {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.02;
  DensityNet net(config);
  initialise(net, 1);
  const at::NoGradGuard no_gradients;
  const at::Tensor image = at::rand({1, 3, 32, 48});
  const Prediction exact = net.forward(image);
  const Prediction same = forward_in(Autocast("fp32", at::kCPU), net, image);
  EXPECT_TRUE(at::equal(same.final_map(), exact.final_map()));
  if (!has_bf16()) return;
  const Prediction rounded = forward_in(Autocast("bf16", at::kCPU), net, image);
  EXPECT_EQ(rounded.final_map().scalar_type(), at::kFloat);
  EXPECT_EQ(rounded.attention.scalar_type(), at::kFloat);
  EXPECT_EQ(rounded.gate_weights.at(0).scalar_type(), at::kFloat);
  EXPECT_EQ(rounded.outputs.size(), exact.outputs.size());
}

}  // namespace
}  // namespace throng
