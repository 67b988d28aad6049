#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "loss/terms.h"

namespace throng {
namespace {

at::Tensor list(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

// Six regions, all compared, two sub-lists. Ranked by truth 60 50 40 30 20 10 the predictions are 1 9 5 4 8 2:
// max(0, 5 - 1) + max(0, 4 - 9) + max(0, 8 - 5) + max(0, 2 - 4) = 7.
TEST(RelativeOrderLoss, ByHand) {
  const at::Tensor truth = list({10, 30, 60, 50, 20, 40});
  const at::Tensor predicted = list({2, 4, 1, 9, 8, 5});
  EXPECT_DOUBLE_EQ(relative_order_loss(predicted, truth, at::ones({6}), {6, 2, false}).item<double>(), 7.0);
  // Closing adds max(0, third - first) of both sub-lists: max(0, 8 - 1) + max(0, 2 - 9).
  EXPECT_DOUBLE_EQ(relative_order_loss(predicted, truth, at::ones({6}), {6, 2, true}).item<double>(), 14.0);
}

// Only the three largest errors are looked at: truths 60, 30, 10 with predictions 1, 4, 2; one sub-list: 3 + 0.
TEST(RelativeOrderLoss, LooksAtTheHardRegionsAlone) {
  const at::Tensor error = list({5, 6, 7, 1, 2, 3});
  const at::Tensor loss =
      relative_order_loss(list({2, 4, 1, 9, 8, 5}), list({10, 30, 60, 50, 20, 40}), error, {3, 1, false});
  EXPECT_DOUBLE_EQ(loss.item<double>(), 3.0);
}

TEST(RelativeOrderLoss, MoreRegionsThanThereAreMeansAll) {
  EXPECT_DOUBLE_EQ(relative_order_loss(list({1, 2}), list({4, 3}), list({1, 1}), {9, 1, false}).item<double>(), 1.0);
  EXPECT_DOUBLE_EQ(relative_order_loss(list({1, 2}), list({4, 3}), list({1, 1}), {9, 3, true}).item<double>(), 0.0);
}

// Equal true counts keep the order of the errors: region 1 (error 5) ranks above region 0 (error 4).
TEST(RelativeOrderLoss, TiesKeepDescendingErrorThenRowMajorOrder) {
  EXPECT_DOUBLE_EQ(relative_order_loss(list({7, 3}), list({1, 1}), list({4, 5}), {2, 1, false}).item<double>(), 4.0);
  EXPECT_DOUBLE_EQ(relative_order_loss(list({7, 3}), list({1, 1}), list({5, 5}), {2, 1, false}).item<double>(), 0.0);
}

// The pictures of a batch are ranked apart from each other and summed.
TEST(RelativeOrderLoss, BatchIsTheSumOfItsPictures) {
  const at::Tensor predicted = at::stack({list({2, 4, 1, 9, 8, 5}), list({7, 3, 6, 6, 0, 1})});
  const at::Tensor truth = at::stack({list({10, 30, 60, 50, 20, 40}), list({5, 5, 1, 2, 9, 8})});
  const at::Tensor error = at::stack({list({5, 6, 7, 1, 2, 3}), list({3, 3, 4, 4, 5, 1})});
  for (const RelativeOptions& options : {RelativeOptions{6, 2, true}, RelativeOptions{4, 1, false}}) {
    const double together = relative_order_loss(predicted, truth, error, options).item<double>();
    double apart = 0;
    for (int b = 0; b < 2; ++b) {
      apart += relative_order_loss(predicted[b], truth[b], error[b], options).item<double>();
    }
    EXPECT_GT(together, 0.0);
    EXPECT_DOUBLE_EQ(together, apart);
  }
}

}  // namespace
}  // namespace throng
