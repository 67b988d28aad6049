#include "train/schedule.h"

#include <gtest/gtest.h>

namespace throng {
namespace {

TEST(LearningRate, HalvesAfterHalfOfTheSteps) {
  const TrainConfig config;
  EXPECT_EQ(learning_rate_factor(config, 0, 200), 1.0);
  EXPECT_EQ(learning_rate_factor(config, 99, 200), 1.0);
  EXPECT_EQ(learning_rate_factor(config, 100, 200), 0.5);
  EXPECT_EQ(learning_rate_factor(config, 199, 200), 0.5);
}

TEST(LearningRate, CosineEndsNearZero) {
  TrainConfig config;
  config.schedule = "cosine";
  EXPECT_DOUBLE_EQ(learning_rate_factor(config, 0, 100), 1.0);
  EXPECT_NEAR(learning_rate_factor(config, 50, 100), 0.5, 1e-12);
  EXPECT_LT(learning_rate_factor(config, 99, 100), 1e-3);
}

TEST(LearningRate, WarmsUpLinearly) {
  TrainConfig config;
  config.schedule = "constant";
  config.warmup_steps = 4;
  EXPECT_EQ(learning_rate_factor(config, 0, 100), 0.25);
  EXPECT_EQ(learning_rate_factor(config, 2, 100), 0.75);
  EXPECT_EQ(learning_rate_factor(config, 4, 100), 1.0);
}

}  // namespace
}  // namespace throng
