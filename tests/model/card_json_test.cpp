#include "model/card_json.h"

#include <gtest/gtest.h>

#include <limits>

#include "expect_error.h"
#include "model/model_file.h"

namespace throng {
namespace {

IntervalCalibration some_intervals() {
  return {.floor = 5, .per_disagreement = 2, .correlation = 0.25, .scores = {0.1, 0.25, 0.5}};
}

Familiarity some_familiarity() { return {.mean = {0.25, -1}, .deviation = {0.5, 2}, .usual = 3}; }

TEST(CardJson, KeepsWhatWasMeasured) {
  ModelCard card;
  card.intervals = some_intervals();
  card.familiarity = some_familiarity();
  const ModelCard read = card_from_text(card_to_text(card), "card");
  ASSERT_TRUE(read.intervals && read.familiarity);
  EXPECT_EQ(read.intervals->floor, 5);
  EXPECT_EQ(read.intervals->per_disagreement, 2);
  EXPECT_EQ(read.intervals->correlation, 0.25);
  EXPECT_EQ(read.intervals->scores, some_intervals().scores);
  EXPECT_EQ(read.familiarity->mean, some_familiarity().mean);
  EXPECT_EQ(read.familiarity->deviation, some_familiarity().deviation);
  EXPECT_EQ(read.familiarity->usual, 3);
}

TEST(CardJson, RefusesIntervalsThatCannotBe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto wrong = [](auto change) {
    IntervalCalibration intervals = some_intervals();
    change(intervals);
    return !usable(intervals);
  };
  EXPECT_TRUE(usable(some_intervals()));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.floor = 0; }));
  EXPECT_TRUE(wrong([&](auto& intervals) { intervals.floor = nan; }));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.per_disagreement = -1; }));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.correlation = 1.5; }));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.scores.clear(); }));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.scores = {0.5, 0.1}; }));
  EXPECT_TRUE(wrong([&](auto& intervals) { intervals.scores = {nan}; }));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.scores = {1e300}; }));
}

TEST(CardJson, RefusesFamiliarityThatCannotBe) {
  const auto wrong = [](auto change) {
    Familiarity familiarity = some_familiarity();
    change(familiarity);
    return !usable(familiarity);
  };
  EXPECT_TRUE(usable(some_familiarity()));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.deviation = {0.5, 0}; }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.deviation = {0.5}; }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.usual = 0; }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.mean = {std::numeric_limits<double>::infinity(), 0}; }));
}

TEST(CardJson, DamagedCardsAreRefused) {
  ModelCard card;
  card.intervals = some_intervals();
  card.intervals->scores.clear();
  expect_error(ErrorKind::model, {"card", "intervals"}, [&] { card_from_text(card_to_text(card), "card"); });
  card.intervals.reset();
  card.familiarity = some_familiarity();
  card.familiarity->usual = -1;
  expect_error(ErrorKind::model, {"card", "familiarity"}, [&] { card_from_text(card_to_text(card), "card"); });
}

TEST(ModelCard, ForgetsWhatWasMeasuredOfOtherWeights) {
  ModelCard card;
  EXPECT_FALSE(card.forget_measurements());
  card.calibration = Calibration{.images = 1, .ranges = {}};
  card.intervals = some_intervals();
  card.familiarity = some_familiarity();
  EXPECT_TRUE(card.forget_measurements());
  EXPECT_FALSE(card.calibration || card.intervals || card.familiarity);
}

}  // namespace
}  // namespace throng
