#include "infer/device_input.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "infer/predict.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

// Against the table in double precision that a CPU counts with.
TEST(DeviceInput, NormalisesAsTheCpuDoes) {
  const Image picture = noisy_picture(33, 21);
  const at::Tensor bytes = staging_tensor({1, 21, 33, 3}, at::kByte, at::kCPU);
  std::copy(picture.rgb.begin(), picture.rgb.end(), bytes.data_ptr<std::uint8_t>());
  const at::Tensor input = ByteNormaliser({}, at::kCPU)(bytes);
  const at::Tensor expected = image_tensor(picture, {});
  EXPECT_EQ(input.sizes(), expected.sizes());
  EXPECT_EQ(input.strides(), expected.strides());
  EXPECT_LE((input - expected).abs().max().item<double>(), 1e-6);
  EXPECT_FALSE(bytes.is_pinned());
}

}  // namespace

}  // namespace throng
