#include "train/memory.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "model/density_net.h"

namespace throng {
namespace {

ModelConfig small_network() {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.02;
  return config;
}

std::int64_t weight_bytes() {
  std::int64_t bytes = 0;
  DensityNet net(small_network());
  for (const NamedTensor& named : net.tensors()) bytes += 4 * named.tensor->numel();
  return bytes;
}

TEST(NetworkMemory, IsFourTimesTheWeightsOnACpuAndFiveWithAverages) {
  const std::int64_t weights = weight_bytes();
  TrainConfig train;
  EXPECT_NO_THROW(check_network_memory(small_network(), train, at::kCPU, 4 * weights));
  expect_error(ErrorKind::failure, {"parameters", "GiB", "model.width"},
               [&] { check_network_memory(small_network(), train, at::kCPU, 4 * weights - 1); });
  train.ema = 0.99;
  EXPECT_NO_THROW(check_network_memory(small_network(), train, at::kCPU, 5 * weights));
  EXPECT_THROW(check_network_memory(small_network(), train, at::kCPU, 5 * weights - 1), Error);
  EXPECT_NO_THROW(check_network_memory(small_network(), train, at::kCUDA, weights));
}

// Inside every limit of a configuration, and hundreds of gigabytes.
TEST(NetworkMemory, OfHugeNetworksIsKnownWithoutBuildingThem) {
  ModelConfig huge = small_network();
  huge.decoder.block3 = {16384, 16384};
  huge.width = 8;
  expect_error(ErrorKind::failure, {"model.decoder"},
               [&] { check_network_memory(huge, {}, at::kCPU, std::int64_t{1} << 36); });
  huge.attention = {{16384, 16384}};
  expect_error(ErrorKind::usage, {}, [&] { check_network_memory(huge, {}, at::kCPU, std::int64_t{1} << 36); });
}

TEST(LackOfMemory, IsToldFromOtherErrorsOfLibtorch) {
  const auto error_of = [](auto work) {
    try {
      work();
    } catch (const c10::Error& error) {
      return is_lack_of_memory(error);
    }
    ADD_FAILURE() << "nothing was thrown";
    return false;
  };
  EXPECT_TRUE(error_of([] { at::empty({std::int64_t{1} << 55}, at::kByte); }));
  EXPECT_FALSE(error_of([] { at::zeros({2, 3}).mm(at::zeros({2, 3})); }));
  EXPECT_EQ(out_of_memory({}).kind(), ErrorKind::failure);
}

}  // namespace
}  // namespace throng
