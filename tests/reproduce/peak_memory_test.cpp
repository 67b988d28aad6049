#include "reproduce/peak_memory.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace throng {
namespace {

TEST(PeakMemory, HoldsWhatWasTakenAndGivenBack) {
  constexpr std::int64_t kMib = 1 << 20;
  const PeakMemory memory(at::kCPU);
  const std::int64_t before = memory.bytes();
  EXPECT_GT(before, kMib);
  { const at::Tensor ones = at::ones({64 * kMib}, at::kByte); }
  EXPECT_GE(memory.bytes(), before + 60 * kMib);
}

}  // namespace
}  // namespace throng
