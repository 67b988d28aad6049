#include "model/card_json.h"

#include <gtest/gtest.h>

#include <limits>

#include "expect_error.h"
#include "model/model_file.h"

namespace throng {
namespace {

IntervalCalibration some_intervals() {
  return {.floor = 5, .per_disagreement = 2, .correlation = 0.25, .scores = {0.1, 0.25, 0.5}, .kinds = {{0.1, 0.5}}};
}

Familiarity some_familiarity() {
  return {.groups = {{.name = "light", .pictures = {{0.25, -1}, {1.5, 2}}, .deviation = {0.5, 2}, .usual = 3},
                     {.name = "gates", .pictures = {{7}}, .deviation = {1}, .usual = 0.5, .several_kinds = false}}};
}

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
  EXPECT_EQ(read.intervals->kinds, some_intervals().kinds);
  ASSERT_EQ(read.familiarity->groups.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const KnownFeatures &known = read.familiarity->groups[i], written = some_familiarity().groups[i];
    EXPECT_EQ(known.name, written.name);
    EXPECT_EQ(known.pictures, written.pictures);
    EXPECT_EQ(known.deviation, written.deviation);
    EXPECT_EQ(known.usual, written.usual);
    EXPECT_EQ(known.several_kinds, written.several_kinds);
  }
}

TEST(CardJson, FamiliarityOfEarlierProgramsIsLeftOut) {
  ModelCard card;
  card.intervals = some_intervals();
  Json json = Json::parse(card_to_text(card));
  json["familiarity"] = {{"mean", {0.25, -1}}, {"deviation", {0.5, 2}}, {"usual", 3}};
  const ModelCard read = card_from_text(json.dump(), "card");
  EXPECT_TRUE(read.intervals);
  EXPECT_FALSE(read.familiarity);
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
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.kinds = {{}}; }));
  EXPECT_TRUE(wrong([](auto& intervals) { intervals.kinds = {{0.5, 0.1}}; }));
}

TEST(CardJson, RefusesFamiliarityThatCannotBe) {
  const auto wrong = [](auto change) {
    Familiarity familiarity = some_familiarity();
    change(familiarity);
    return !usable(familiarity);
  };
  EXPECT_TRUE(usable(some_familiarity()));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups.clear(); }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups[0].deviation = {0.5, 0}; }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups[0].deviation = {0.5}; }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups[1].deviation.clear(); }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups[1].usual = 0; }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups[1].pictures.clear(); }));
  EXPECT_TRUE(wrong([](auto& familiarity) { familiarity.groups[0].pictures[1] = {1}; }));
  EXPECT_TRUE(wrong([](auto& familiarity) {
    familiarity.groups[0].pictures[1] = {std::numeric_limits<double>::infinity(), 0};
  }));
}

TEST(CardJson, DamagedCardsAreRefused) {
  ModelCard card;
  card.intervals = some_intervals();
  card.intervals->scores.clear();
  expect_error(ErrorKind::model, {"card", "intervals"}, [&] { card_from_text(card_to_text(card), "card"); });
  card.intervals.reset();
  card.familiarity = some_familiarity();
  card.familiarity->groups[1].usual = -1;
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
