#include "train/memory.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

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

std::int64_t copies_needed(const TrainConfig& train) {
  const std::int64_t weights = weight_bytes();
  for (std::int64_t copies = 1; copies < 10; ++copies) {
    try {
      check_network_memory(small_network(), train, at::kCPU, copies * weights);
      EXPECT_THROW(check_network_memory(small_network(), train, at::kCPU, copies * weights - 1), Error);
      return copies;
    } catch (const Error&) {
      continue;
    }
  }
  return 0;
}

TEST(NetworkMemory, IsThatOfWeightsMomentsAveragesAndGradients) {
  TrainConfig train;
  EXPECT_EQ(copies_needed(train), 3);
  train.precision = "bf16";
  EXPECT_EQ(copies_needed(train), 2) << "both moments take the room of one";
  train.moments = "fp32";
  EXPECT_EQ(copies_needed(train), 3);
  train.ema = 0.99;
  EXPECT_EQ(copies_needed(train), 4);
  train.clip = 1;
  EXPECT_EQ(copies_needed(train), 5) << "gradients are clipped when all are there";
  expect_error(ErrorKind::failure, {"parameters", "GiB", "model.width"},
               [&] { check_network_memory(small_network(), train, at::kCPU, weight_bytes()); });
  EXPECT_NO_THROW(check_network_memory(small_network(), train, at::kCUDA, weight_bytes()));
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
  const auto sentence = [] { return out_of_memory({}); };
  EXPECT_EQ(or_lack_of_memory([] { return 7; }, sentence), 7);
  expect_error(ErrorKind::failure, {"not enough memory"},
               [&] { or_lack_of_memory([]() -> int { throw std::bad_alloc(); }, sentence); });
  EXPECT_THROW(or_lack_of_memory([]() -> int { throw std::out_of_range("other"); }, sentence), std::out_of_range);
}

}  // namespace
}  // namespace throng
