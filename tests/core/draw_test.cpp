#include "core/draw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace throng {
namespace {

// The published first outputs of splitmix64 for the seeds 0 and 1234567.
TEST(Draw, MixIsSplitmix64) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  EXPECT_EQ(mix(kStep), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(mix(1234567 + kStep), 6457827717110365317ULL);
}

// The published test vectors of FNV-1a.
TEST(Draw, Fnv1a64TestVectors) {
  EXPECT_EQ(fnv1a64(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(fnv1a64("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(fnv1a64("foobar"), 0x85944171f73967e8ULL);
}

// Computed by a Python transcription of the formulas; pinned, because training runs must stay the same between
// releases.
TEST(Draw, ValuesStayTheSame) {
  const Draw draw(7, "crop", 3, 11);
  EXPECT_EQ(draw.bits(0), 0xc8e0205b2d3effa8ULL);
  EXPECT_EQ(draw.bits(1), 0xbc3086480caec3c8ULL);
  EXPECT_EQ(draw.bits(2), 0xdab3b914b09ea005ULL);
  EXPECT_DOUBLE_EQ(draw.uniform(0), 0.7846698973273724);
  EXPECT_DOUBLE_EQ(draw.uniform(1, -1, 1), 2 * 0.735115425672741 - 1);
  EXPECT_NEAR(draw.normal(0), -0.1636570308006679, 1e-12);
  EXPECT_NEAR(draw.normal(1), 0.4698161577847643, 1e-12);
  EXPECT_THAT(draw.permutation(8), testing::ElementsAre(0, 1, 4, 3, 5, 2, 7, 6));
}

TEST(Draw, EveryPartOfTheQuestionMatters) {
  const std::set<std::uint64_t> answers = {
      Draw(1, "a").bits(0),       Draw(2, "a").bits(0),       Draw(1, "b").bits(0), Draw(1, "a", 1).bits(0),
      Draw(1, "a", 0, 1).bits(0), Draw(1, "a", 1, 0).bits(1), Draw(1, "a").bits(1), Draw(1, "").bits(0)};
  EXPECT_EQ(answers.size(), 8u);
}

// Bounds are five standard errors of the statistic.
TEST(Draw, UniformIsUniform) {
  constexpr int kCount = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = Draw(3, "uniform", 0, static_cast<std::uint64_t>(i)).uniform(0);
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / kCount, 0.5, 5 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kCount));
}

TEST(Draw, NormalHasUnitMoments) {
  constexpr int kCount = 100'000;
  const Draw draw(5, "normal");
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double z = draw.normal(static_cast<std::uint64_t>(i));
    ASSERT_TRUE(std::isfinite(z));
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / kCount, 0, 5 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1, 5 * std::sqrt(2.0 / kCount));
}

TEST(Draw, IntegersCoverTheirRangeEvenly) {
  constexpr int kCount = 60'000;
  std::vector<int> seen(6);
  for (int i = 0; i < kCount; ++i) {
    const std::int64_t n = Draw(9, "dice").integer(static_cast<std::uint64_t>(i), 6);
    ASSERT_GE(n, 0);
    ASSERT_LT(n, 6);
    ++seen[static_cast<std::size_t>(n)];
  }
  const double error = std::sqrt(kCount * (1.0 / 6) * (5.0 / 6));
  for (const int times : seen) EXPECT_NEAR(times, kCount / 6.0, 5 * error);
}

TEST(Draw, PermutationHoldsEachNumberOnce) {
  std::vector<std::int64_t> expected(1000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_THAT(Draw(1, "order", 4).permutation(1000), testing::UnorderedElementsAreArray(expected));
  EXPECT_NE(Draw(1, "order", 4).permutation(1000), Draw(1, "order", 5).permutation(1000));
  EXPECT_TRUE(Draw(1, "order").permutation(0).empty());
  EXPECT_THAT(Draw(1, "order").permutation(1), testing::ElementsAre(0));
}

// All six orders of three things are equally frequent.
TEST(Draw, PermutationsAreFair) {
  constexpr int kCount = 12'000;
  std::map<std::vector<std::int64_t>, int> seen;
  for (int i = 0; i < kCount; ++i) ++seen[Draw(2, "fair", static_cast<std::uint64_t>(i)).permutation(3)];
  ASSERT_EQ(seen.size(), 6u);
  for (const auto& [order, times] : seen) EXPECT_NEAR(times, kCount / 6.0, 5 * std::sqrt(kCount * 5.0 / 36));
}

}  // namespace
}  // namespace throng
