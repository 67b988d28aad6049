#include "synth/empties.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/checksum.h"
#include "expect_error.h"

namespace throng {
namespace {

std::string checksum(const Image& image) {
  Sha256 sum;
  sum.add(std::span<const std::uint8_t>(image.rgb));
  return sum.hex();
}

TEST(Empties, AreDrawnInAnySize) {
  for (const EmptyKind& kind : empty_kinds()) {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      const int width = seed % 3 == 0 ? 32 : 96 + static_cast<int>(seed);
      const int height = seed % 4 == 0 ? 32 : 70;
      const Image image = kind.draw(width, height, seed);
      EXPECT_EQ(image.width, width);
      EXPECT_EQ(image.height, height);
      EXPECT_EQ(image.rgb.size(), static_cast<std::size_t>(width * height * 3));
    }
  }
}

TEST(Empties, DependOnTheSeedAlone) {
  std::set<std::string> different;
  for (const EmptyKind& kind : empty_kinds()) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const std::string sum = checksum(kind.draw(96, 64, seed));
      EXPECT_EQ(sum, checksum(kind.draw(96, 64, seed)));
      different.insert(sum);
    }
  }
  EXPECT_EQ(different.size(), 20 * empty_kinds().size());
}

TEST(Empties, AreTheSameOnEveryMachine) {
  // Fixed by the first version: whoever changes how they look changes these, whoever moves to another compiler, library
  // or processor must not.
  const std::map<std::string_view, std::string> sums = {
      {"landscape", "768049c0729c6fa1adb10b7fa0dd360a9bb5fe35346148f529a988e13c935b47"},
      {"texture", "a2987935d429969aa46e68dd64d061e1da839ac7e2baf3ddd598403e717d4219"},
      {"document", "39e3e971460fcf6cc5fced12474a3cb614f20e31b124448c93718d6f1106b934"},
      {"screenshot", "65e86b05b7844e015d581899ff39c814fd26966d683e7e7bb0a59d132b376411"},
      {"noise", "f26a648492aa438865da1a2e8121e12aca043c33fb4eff3c3727d3eedc342acf"}};
  for (const EmptyKind& kind : empty_kinds()) {
    Sha256 sum;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      sum.add(std::span<const std::uint8_t>(kind.draw(96, 64, seed).rgb));
    }
    EXPECT_EQ(sum.hex(), sums.at(kind.name)) << kind.name;
  }
}

TEST(Empties, OfAnyKindAreOfAllKinds) {
  std::set<std::string_view> seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) seen.insert(some_empty_kind(seed).name);
  EXPECT_EQ(seen.size(), empty_kinds().size());
  std::int64_t rendered = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const LabelledImage any = draw_empty("any", {0, 64, 48, seed});
    EXPECT_TRUE(any.points.empty());
    rendered += any.image->rgb == render_scene({0, 64, 48, seed}).image->rgb ? 1 : 0;
  }
  EXPECT_GT(rendered, 0);
  EXPECT_LT(rendered, 12);
}

TEST(Empties, RefuseWhatCannotBeDrawn) {
  expect_error(ErrorKind::usage, {"'brick'", "texture", "any"}, [] { find_empty_kind("brick"); });
  expect_error(ErrorKind::usage, {"'texture'", "5"}, [] { draw_empty("texture", {5, 64, 48, 1}); });
  expect_error(ErrorKind::usage, {"31x48"}, [] { draw_empty("texture", {0, 31, 48, 1}); });
  expect_error(ErrorKind::usage, {"5000"}, [] { draw_empty("any", {0, 64, 5000, 1}); });
}

TEST(SyntheticSourceWithEmpties, LeavesTheOtherScenesAsTheyAre) {
  constexpr std::int64_t kScenes = 8;
  const auto none = make_synthetic_source(kScenes, 3, 0);
  const auto half = make_synthetic_source(kScenes, 3, 0, 0.5);
  const auto all = make_synthetic_source(kScenes, 3, 0, 1);
  std::int64_t same = 0;
  for (std::int64_t id = 0; id < kScenes; ++id) {
    const LabelledImage scene = none->load(id);
    const LabelledImage mixed = half->load(id);
    const LabelledImage drawn = all->load(id);
    EXPECT_TRUE(drawn.points.empty());
    EXPECT_NE(drawn.image->rgb, scene.image->rgb);
    EXPECT_TRUE(mixed.image->rgb == scene.image->rgb || mixed.image->rgb == drawn.image->rgb);
    same += mixed.image->rgb == scene.image->rgb ? 1 : 0;
  }
  EXPECT_GT(same, 0);
  EXPECT_LT(same, kScenes);
}

}  // namespace
}  // namespace throng
