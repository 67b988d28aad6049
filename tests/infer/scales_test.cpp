#include "infer/scales.h"

#include <gmock/gmock.h>

#include "expect_error.h"

namespace throng {
namespace {

using testing::ElementsAre;

TEST(ScalesTest, OneFactorSeveralOrAuto) {
  EXPECT_TRUE(parse_scales("1").own_size());
  EXPECT_TRUE(parse_scales("auto").automatic);
  EXPECT_FALSE(parse_scales("auto").own_size());
  EXPECT_THAT(parse_scales("1.41").factors, ElementsAre(1.41));
  EXPECT_THAT(parse_scales("1, 0.71,2").factors, ElementsAre(1, 0.71, 2));
  EXPECT_FALSE(parse_scales("1,0.71").own_size());
  EXPECT_THAT(parse_scales("0.1,4").factors, ElementsAre(0.1, 4));
}

TEST(ScalesTest, WhatIsNoScaleIsAnError) {
  for (const char* word : {"", "two", "1,", "1;2", "nan", "inf", "1,auto", "2x"}) {
    expect_error(ErrorKind::usage, {"is not a scale", "auto"}, [&] { parse_scales(word); });
  }
  for (const char* word : {"0", "-1", "0.09", "4.1", "1,100"}) {
    expect_error(ErrorKind::usage, {"is not possible", "0.1 to 4"}, [&] { parse_scales(word); });
  }
  expect_error(ErrorKind::usage, {"9 scales are too many", "8"}, [] { parse_scales("1,1,1,1,1,1,1,1,2"); });
}

TEST(ScalesTest, FactorsAreWrittenInTheirOrder) {
  EXPECT_EQ(scales_text(std::vector<double>{1, 0.71}), "1 0.71");
  EXPECT_TRUE(is_own_size(std::vector<double>{1}));
  EXPECT_FALSE(is_own_size(std::vector<double>{1, 1}));
  EXPECT_FALSE(is_own_size(std::vector<double>{0.71}));
}

}  // namespace
}  // namespace throng
