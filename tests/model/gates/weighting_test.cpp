#include "model/gates/weighting.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "expect_error.h"

namespace throng {
namespace {

const std::vector<Group>& groups() {
  static const Hierarchy hierarchy(3, {{{1, 2}, {1, 2, 3}, {2}}, {{1, 2, 3}}});
  return hierarchy.levels().front();
}

at::Tensor sums_of_groups(const at::Tensor& weights) {
  return at::cat({weights.narrow(1, 0, 2).sum(1), weights.narrow(1, 2, 3).sum(1)});
}

TEST(Weighting, HardChoosesTheStrongestWithTheGradientOfTheSoftOne) {
  const at::Tensor logits = at::rand({2, 5, 3, 4}).set_requires_grad(true);
  const at::Tensor hard = hard_weights(logits, groups());
  EXPECT_TRUE(((hard == 0) | (hard == 1)).all().item<bool>());
  EXPECT_TRUE(at::allclose(sums_of_groups(hard), at::ones({4, 3, 4})));
  EXPECT_TRUE(at::equal(hard.narrow(1, 2, 3).argmax(1), logits.narrow(1, 2, 3).argmax(1)));

  const at::Tensor direction = at::rand({2, 5, 3, 4});
  (hard * direction).sum().backward();
  const at::Tensor soft_logits = logits.detach().clone().set_requires_grad(true);
  (pixel_weights(soft_logits, groups()) * direction).sum().backward();
  EXPECT_TRUE(at::allclose(logits.grad(), soft_logits.grad(), 1e-5, 1e-6));
}

TEST(Weighting, ImageGivesOneNumberPerMember) {
  const at::Tensor logits = at::rand({2, 5, 3, 4});
  const at::Tensor weights = image_weights(logits, groups());
  EXPECT_EQ(weights.sizes(), (at::IntArrayRef{2, 5, 1, 1}));
  const at::Tensor mean = logits[1].mean(at::IntArrayRef{1, 2});
  EXPECT_NEAR(weights[1][0].item<double>(), at::softmax(mean.narrow(0, 0, 2), 0)[0].item<double>(), 1e-6);
}

TEST(Weighting, ChannelWeighsEachChannelApart) {
  const at::Tensor logits = at::rand({2, 5 * 6, 3, 4});
  const at::Tensor weights = channel_weights(logits, groups(), 6);
  EXPECT_EQ(weights.sizes(), (at::IntArrayRef{2, 5, 6, 1, 1}));
  EXPECT_TRUE(at::allclose(weights.narrow(1, 2, 3).sum(1), at::ones({2, 6, 1, 1})));
  // Member 1 of group 2 is logit 3; its channel 4 is logit channel 3 * 6 + 4.
  const at::Tensor mean = logits[0].mean(at::IntArrayRef{1, 2});
  const at::Tensor of_channel = at::stack({mean[2 * 6 + 4], mean[3 * 6 + 4], mean[4 * 6 + 4]});
  EXPECT_NEAR(weights[0][3][4].item<double>(), at::softmax(of_channel, 0)[1].item<double>(), 1e-6);
}

TEST(Weighting, UnknownNameListsTheKnown) {
  expect_error(ErrorKind::usage, {"\"pixle\"", "pixel", "concat"}, [] { parse_weighting("pixle"); });
}

}  // namespace
}  // namespace throng
