#include "train/batch_tensors.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

namespace throng {
namespace {

TEST(BatchImages, NormaliseAndLeaveWhatIsNotValidAtZero) {
  Batch batch;
  batch.batch = 1;
  batch.size = 4;
  batch.rgb.assign(4 * 4 * 3, 255);
  batch.valid_width = {3};
  batch.valid_height = {2};
  const at::Tensor images = batch_images(batch, {}, at::kCPU);
  EXPECT_EQ(images.sizes(), (at::IntArrayRef{1, 3, 4, 4}));
  EXPECT_NEAR(images[0][1][1][2].item<float>(), (1.0 - 0.456) / 0.224, 1e-5);
  EXPECT_EQ(images[0][1][1][3].item<float>(), 0.0F);
  EXPECT_EQ(images[0][1][2][0].item<float>(), 0.0F);
}

// One block with 0.5 people of which all sit in one pixel: mean x100 = 50 / 16, spread = 50^2 - 16 mean^2.
TEST(BatchTarget, ScalesTheBlockSums) {
  Batch batch;
  batch.batch = 1;
  batch.size = 4;
  batch.density = {0.5F};
  batch.density_squared = {0.25F};
  batch.foreground = {0.0625F};
  const Target target = batch_target(batch, 100.0, 1, at::kCPU);
  EXPECT_NEAR(target.mean.item<double>(), 3.125, 1e-6);
  EXPECT_NEAR(target.spread.item<double>(), 2500 - 16 * 3.125 * 3.125, 1e-3);
  EXPECT_NEAR(target.foreground.item<double>(), 0.0625, 1e-7);
}

}  // namespace
}  // namespace throng
