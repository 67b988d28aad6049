#include "synth/crowd.h"

#include <gtest/gtest.h>

#include <map>

#include "core/draw.h"

namespace throng::synth {
namespace {

/// What the finished picture shows of each person's head, counted anew from the buffer.
struct Shown {
  std::int64_t samples = 0;
  std::vector<Solid> solids;
};

std::map<std::int32_t, Shown> shown_heads(const Crowd& crowd) {
  std::map<std::int32_t, Shown> heads;
  for (const Solid& solid : crowd.model.solids) {
    if (solid.head) heads[solid.owner].solids.push_back(solid);
  }
  const DepthBuffer& buffer = crowd.buffer;
  for (int j = 0; j < buffer.height(); ++j) {
    for (int i = 0; i < buffer.width(); ++i) {
      const std::uint32_t index = buffer.solid(buffer.at(i, j));
      if (index != kNoSolid && crowd.model.solids[index].head) ++heads[crowd.model.solids[index].owner].samples;
    }
  }
  return heads;
}

Crowd crowd_of(std::int64_t people, int width, int height, std::uint64_t seed) {
  const SceneOptions options{people, width, height, seed};
  return place_crowd(options, choose_setting(seed));
}

TEST(Crowd, EveryAnnotatedHeadShowsAndNoOtherDoes) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    for (const std::int64_t people : {7, 120, 600}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", " << people << " people");
      const Crowd crowd = crowd_of(people, 512, 384, seed);
      const DepthBuffer nothing(512, 384, crowd.buffer.samples());
      std::int64_t showing = 0;
      for (const auto& [owner, head] : shown_heads(crowd)) {
        if (head.samples == 0) continue;  // just outside the picture
        ++showing;
        const HeadView whole = look_at_head(nothing, crowd.camera, head.solids);
        EXPECT_GE(static_cast<double>(head.samples), kLeastVisible * static_cast<double>(whole.total)) << owner;
      }
      EXPECT_EQ(showing, people);
      EXPECT_EQ(crowd.heads.size(), static_cast<std::size_t>(people));
    }
  }
}

TEST(Crowd, PointsLieOnTheirHeads) {
  const Crowd crowd = crowd_of(300, 640, 480, 5);
  std::size_t on_head = 0;
  for (const Point& p : crowd.heads) {
    const int samples = crowd.buffer.samples();
    const std::uint32_t index =
        crowd.buffer.solid(crowd.buffer.at(static_cast<int>(p.x * samples), static_cast<int>(p.y * samples)));
    on_head += index != kNoSolid && crowd.model.solids[index].head;
  }
  EXPECT_GE(on_head, 285U);  // the middle of a crescent may lie beside it
}

TEST(Crowd, NearHeadsAreLargerThanFarOnes) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    const Crowd crowd = crowd_of(250, 640, 480, seed);
    double upper = 0, lower = 0;
    std::int64_t upper_count = 0, lower_count = 0;
    const DepthBuffer nothing(640, 480, crowd.buffer.samples());
    for (const auto& [owner, head] : shown_heads(crowd)) {
      if (head.samples == 0) continue;
      const double y = crowd.camera.project(head.solids.front().centre).y;
      const auto size = static_cast<double>(look_at_head(nothing, crowd.camera, head.solids).total);
      (y < 240 ? upper : lower) += size;
      ++(y < 240 ? upper_count : lower_count);
    }
    if (upper_count < 10 || lower_count < 10) continue;
    EXPECT_GT(lower / static_cast<double>(lower_count), 1.1 * upper / static_cast<double>(upper_count))
        << "seed " << seed;
  }
}

TEST(Crowd, FillsThePictureUpToItsLimit) {
  // The most that the sizes admit, with views of every kind.
  for (const std::uint64_t seed : {11, 12, 13}) {
    EXPECT_EQ(crowd_of((320 - 10) * (240 - 10) / 150, 320, 240, seed).heads.size(), 475U);
    EXPECT_EQ(crowd_of((48 - 10) * (200 - 10) / 150, 48, 200, seed).heads.size(), 48U);
  }
}

}  // namespace
}  // namespace throng::synth
