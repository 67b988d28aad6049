#include "loss/target.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "loss/terms.h"

namespace throng {
namespace {

// The quarter grid gives the same sums as the full map that it stands for.
TEST(Target, QuarterGridIsExactAgainstTheFullMap) {
  const at::Tensor people = at::rand({1, 1, 16, 24}, at::kDouble) * 0.05;
  const at::Tensor foreground = (people > 0.02).to(at::kDouble);
  const auto block_sum = [](const at::Tensor& map) { return at::avg_pool2d(map, 4).squeeze(1) * 16; };
  const Target target = make_target(block_sum(people), block_sum(people.square()), block_sum(foreground) / 16, 100.0);

  const at::Tensor prediction = at::rand({1, 1, 4, 6}, at::kDouble);
  const at::Tensor full = at::upsample_nearest2d(prediction, {16, 24});
  EXPECT_NEAR(density_loss(prediction, target).item<double>(), (full - 100 * people).square().sum().item<double>(),
              1e-8);

  const at::Tensor attention = at::rand({1, 1, 1, 2}, at::kDouble) * 0.8 + 0.1;
  const at::Tensor a = at::upsample_nearest2d(attention, {16, 24});
  const double cross_entropy = -(foreground * at::log(a) + (1 - foreground) * at::log(1 - a)).sum().item<double>();
  EXPECT_NEAR(attention_loss(attention, target.foreground).item<double>(), cross_entropy, 1e-6);
}

}  // namespace
}  // namespace throng
