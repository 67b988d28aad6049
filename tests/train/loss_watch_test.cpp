#include "train/loss_watch.h"

#include <gmock/gmock.h>

#include <limits>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"
#include "train/stopped_run.h"

namespace throng {
namespace {

class LossWatchTest : public testing::Test {
 protected:
  static StepValues of(double density, double total) { return {.losses = {{"density", density}, {"total", total}}}; }

  void take_silent(int steps) {
    for (int i = 0; i < steps; ++i) watch_.take({.people = true, .silent = true}, ++step_);
  }

  TemporaryFolder folder_;
  RunFolder run_{folder_ / "run", false};
  TrainPosition position_{.step = 10, .epoch = 2};
  Messages messages_;
  Reporter reporter_{&messages_, nullptr};
  LossWatch watch_{position_, run_, reporter_};
  std::int64_t step_ = 0;
};

TEST_F(LossWatchTest, AddsUpEachTerm) {
  position_.sums = Json{{"density", 1.0}, {"total", 1.0}};  // of steps before the run was resumed
  watch_.take(of(2, 3), 11);
  watch_.take(of(0.5, 4), 12);
  EXPECT_EQ(position_.sums, (Json{{"density", 3.5}, {"total", 8.0}}));
}

TEST_F(LossWatchTest, DivergenceNamesTheTermAndTheStep) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinite = std::numeric_limits<double>::infinity();
  expect_error(ErrorKind::failure,
               {"the loss term density became NaN or infinite at step 11 (epoch 3): lower train.lr"},
               [&] { watch_.take(of(kNan, kNan), 11); });
  EXPECT_TRUE(position_.sums.empty());
  write_file(run_.last(), "a model");
  expect_error(ErrorKind::failure, {"the loss term total", "the last good checkpoint is " + run_.last().string()},
               [&] { watch_.take(of(1, kInfinite), 11); });
  EXPECT_NO_THROW(watch_.check_gradient(1e30, 11));
  expect_error(ErrorKind::failure, {"the gradient became NaN or infinite at step 12"},
               [&] { watch_.check_gradient(kInfinite, 12); });
}

TEST_F(LossWatchTest, WarnsOnceOfANetworkThatHasDied) {
  take_silent(49);
  EXPECT_EQ(messages_.warnings, "");
  watch_.take({.people = true, .silent = false}, ++step_);
  take_silent(49);
  watch_.take({.people = false, .silent = true}, ++step_);  // where nobody is, none are to be predicted
  EXPECT_EQ(messages_.warnings, "");
  take_silent(60);
  EXPECT_THAT(split(messages_.warnings, '\n'),
              testing::ElementsAre(testing::HasSubstr("for 50 steps up to step 101: the network has died"), ""));
}

}  // namespace
}  // namespace throng
