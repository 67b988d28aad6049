#include "infer/working_scale.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <vector>

namespace throng {
namespace {

using testing::ElementsAre;

/// A picture whose counts at some sizes are known.
struct FakePicture {
  std::int64_t pixels;
  std::map<double, double> counts;
  double most_affordable = 100;
  std::vector<double> asked = {};

  double scale() {
    return working_scale(pixels, {.count =
                                      [this](double factor) {
                                        if (std::ranges::find(asked, factor) == asked.end()) asked.push_back(factor);
                                        return counts.at(factor);
                                      },
                                  .affordable = [this](double factor) { return factor <= most_affordable; }});
  }
};

constexpr std::int64_t kSmall = 200 * 200;

TEST(WorkingScaleTest, SmallPicturesGrowUntilTheirCountDoesNot) {
  // 150 > 1.1 * 100 + 2 and 180 > 1.2 * 100 + 2; 180 > 1.1 * 150 + 2 and 199 > 1.2 * 150 + 2; 199 < 1.1 * 180 + 2.
  FakePicture picture{kSmall, {{1, 100}, {1.41, 150}, {2, 180}, {2.83, 199}, {4, 400}}};
  EXPECT_EQ(picture.scale(), 2);
}

TEST(WorkingScaleTest, AGrowthThatTheNextStepTakesBackIsChance) {
  EXPECT_EQ((FakePicture{kSmall, {{1, 100}, {1.41, 120}, {2, 121}}}.scale()), 1);
  EXPECT_EQ((FakePicture{kSmall, {{1, 100}, {1.41, 120}, {2, 123}}}.scale()), 1.41);
  EXPECT_EQ((FakePicture{4000 * 3000, {{1, 100}, {0.71, 110}, {0.5, 111}}}.scale()), 1);
  EXPECT_EQ((FakePicture{4000 * 3000, {{1, 100}, {0.71, 110}, {0.5, 113}}}.scale()), 0.71);
}

TEST(WorkingScaleTest, OnePassMoreIsEnoughToSeeThatNothingGrows) {
  FakePicture picture{kSmall, {{1, 100}, {1.41, 111}}};
  EXPECT_EQ(picture.scale(), 1);
  EXPECT_THAT(picture.asked, ElementsAre(1, 1.41));
}

TEST(WorkingScaleTest, AFewPeopleAreChance) {
  EXPECT_EQ((FakePicture{kSmall, {{1, 2}, {1.41, 4.1}}}.scale()), 1);
  EXPECT_EQ((FakePicture{kSmall, {{1, 5}, {1.41, 7.4}}}.scale()), 1);
  EXPECT_EQ((FakePicture{kSmall, {{1, 5}, {1.41, 7.6}, {2, 9}}}.scale()), 1.41);
}

TEST(WorkingScaleTest, WhereNobodyIsSeenNothingIsTried) {
  FakePicture small{kSmall, {{1, 1.9}}}, large{4000 * 3000, {{1, 0}}};
  EXPECT_EQ(small.scale(), 1);
  EXPECT_EQ(large.scale(), 1);
  EXPECT_THAT(small.asked, ElementsAre(1));
}

TEST(WorkingScaleTest, NothingGrowsBeyondThePicturesThatWereLearnedFrom) {
  const std::map<double, double> steep = {{1, 100}, {1.41, 200}, {2, 400}, {2.83, 800}, {4, 1600}};
  EXPECT_EQ((FakePicture{400 * 400, steep}.scale()), 2);  // 2.83 times: 1.28 megapixels
  EXPECT_EQ((FakePicture{512 * 384, steep}.scale()), 2);  // exactly 1024 x 768
  EXPECT_EQ((FakePicture{513 * 384, steep}.scale()), 1.41);
  EXPECT_EQ((FakePicture{180 * 180, steep}.scale()), 4);
}

TEST(WorkingScaleTest, ACrowdThatIsSeenAsDenseAsCanBeDoesNotGrow) {
  EXPECT_EQ((FakePicture{kSmall, {{1, 400}, {1.41, 600}, {2, 610}}}.scale()), 1.41);  // 100 pixels for each
  EXPECT_EQ((FakePicture{kSmall, {{1, 401}}}.scale()), 1);
  // 600 people on 79,524 pixels may grow, 900 may not.
  EXPECT_EQ((FakePicture{kSmall, {{1, 390}, {1.41, 900}}}.scale()), 1.41);
}

TEST(WorkingScaleTest, LargePicturesShrinkWhileTheirCountGrows) {
  FakePicture picture{4000 * 3000, {{1, 40}, {0.71, 60}, {0.5, 80}, {0.35, 85}, {0.25, 300}}};
  EXPECT_EQ(picture.scale(), 0.5);  // 85 is no more than 1.05 * 80 + 2
  EXPECT_THAT(picture.asked, ElementsAre(1, 0.71, 0.5, 0.35));
}

TEST(WorkingScaleTest, NothingShrinksBelowThePicturesThatWereLearnedFrom) {
  const std::map<double, double> steep = {{1, 100}, {0.71, 200}, {0.5, 400}, {0.35, 800}, {0.25, 1600}};
  EXPECT_EQ((FakePicture{1024 * 768, steep}.scale()), 1);
  EXPECT_EQ((FakePicture{1100 * 768, steep}.scale()), 0.71);
  EXPECT_EQ((FakePicture{4000 * 3000, steep}.scale()), 0.25);
}

TEST(WorkingScaleTest, WhatMemoryDoesNotAllowIsNotTried) {
  FakePicture picture{kSmall, {{1, 100}, {1.41, 200}}, 1.5};
  EXPECT_EQ(picture.scale(), 1.41);
}

}  // namespace
}  // namespace throng
