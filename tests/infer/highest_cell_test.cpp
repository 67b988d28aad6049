#include "infer/highest_cell.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/draw.h"

namespace throng {
namespace {

TEST(HighestCell, FollowsEveryChange) {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 3}, {8, 8}, {9, 17}, {40, 23}}) {
    const Draw draw(1, "cells");
    std::vector<float> values;
    for (int i = 0; i < width * height; ++i) {
      values.push_back(static_cast<float>(draw.uniform(static_cast<std::uint64_t>(i))));
    }
    HighestCell map(values, width, height);
    for (int step = 0; step < 200; ++step) {
      const auto best = std::ranges::max_element(values);
      const auto [x, y] = map.highest();
      ASSERT_EQ(y * width + x, best - values.begin()) << width << " x " << height << ", step " << step;
      ASSERT_EQ(map.value(x, y), *best);
      // Lower the neighbourhood of the best, as taking a person out does.
      const int left = std::max(x - 2, 0), right = std::min(x + 3, width - 1);
      const int top = std::max(y - 1, 0), bottom = std::min(y + 2, height - 1);
      map.change(left, top, right, bottom, [](int, int, float& value) { value *= 0.5f; });
      for (int row = top; row <= bottom; ++row) {
        for (int column = left; column <= right; ++column) {
          values[static_cast<std::size_t>(row * width + column)] *= 0.5f;
        }
      }
    }
  }
}

TEST(HighestCell, EqualsAreTakenInOrder) {
  HighestCell map(std::vector<float>(300, 1.0f), 20, 15);
  EXPECT_EQ(map.highest().x, 0);
  EXPECT_EQ(map.highest().y, 0);
  map.change(0, 0, 0, 0, [](int, int, float& value) { value = -5; });
  EXPECT_EQ(map.highest().x, 1);
  EXPECT_EQ(map.highest().y, 0);
}

}  // namespace
}  // namespace throng
