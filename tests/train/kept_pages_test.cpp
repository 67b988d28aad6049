#include "train/kept_pages.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

#include "train/step_memory.h"

namespace throng {
namespace {

constexpr std::size_t kMebi = std::size_t{1} << 20;

TEST(KeptPages, UseAgainWhatWasGivenBack) {
  KeptPages pages(256 * kMebi);
  void* first = pages.take(20 * kMebi);
  void* second = pages.take(5 * kMebi);
  ASSERT_TRUE(first != nullptr && second != nullptr);
  std::memset(first, 1, 20 * kMebi);
  std::memset(second, 2, 5 * kMebi);
  EXPECT_EQ(static_cast<char*>(first)[20 * kMebi - 1], 1) << "blocks do not overlap";
  const std::size_t used = pages.used();
  pages.give_back(first);
  EXPECT_EQ(pages.take(20 * kMebi), first);
  pages.give_back(first);
  pages.give_back(second);
  EXPECT_TRUE(pages.take(used) != nullptr) << "free neighbours are one block";
  EXPECT_EQ(pages.used(), used);
}

TEST(KeptPages, TakeTheSmallestBlockThatIsLargeEnough) {
  KeptPages pages(256 * kMebi);
  void* large = pages.take(8 * kMebi);
  void* between = pages.take(kMebi);
  void* small = pages.take(2 * kMebi);
  void* behind = pages.take(21 * kMebi);  // the rest of what was taken from the kernel
  ASSERT_TRUE(between != nullptr && behind != nullptr);
  pages.give_back(large);
  pages.give_back(small);
  EXPECT_EQ(pages.take(kMebi), small);
}

TEST(KeptPages, EndWhereTheirAddressesDo) {
  KeptPages pages(64 * kMebi);
  EXPECT_EQ(pages.take(65 * kMebi), nullptr);
  void* block = pages.take(60 * kMebi);
  EXPECT_TRUE(pages.has(block));
  EXPECT_FALSE(pages.has(&pages));
  EXPECT_EQ(pages.take(5 * kMebi), nullptr);
}

TEST(KeptPages, AreSafeToUseFromManyThreads) {
  KeptPages pages(512 * kMebi);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&pages, thread] {
      for (int i = 0; i < 200; ++i) {
        const std::size_t bytes = (1 + (thread * 7 + i) % 5) * 4096;
        auto* block = static_cast<unsigned char*>(pages.take(bytes));
        ASSERT_TRUE(block != nullptr);
        std::memset(block, thread, bytes);
        for (std::size_t k = 0; k < bytes; k += 512) ASSERT_EQ(block[k], thread);
        pages.give_back(block);
      }
    });
  }
}

TEST(StepMemory, ServesTensorsThatMayOutliveIt) {
  at::Tensor outside = at::ones({1 << 20}), kept;
  {
    const StepMemory memory;
    const void* before = nullptr;
    {
      const at::Tensor tensor = at::full({1 << 20}, 3.0);
      before = tensor.const_data_ptr();
    }
    const at::Tensor next = at::empty({1 << 20});
    EXPECT_EQ(next.const_data_ptr(), before) << "the memory of a step is that of the step before";
    kept = at::full({1 << 20}, 2.0);
    outside = at::Tensor();
  }
  EXPECT_EQ(kept.sum().item<double>(), 2.0 * (1 << 20));
  kept = at::Tensor();
  EXPECT_EQ(at::ones({1 << 20}).sum().item<double>(), 1 << 20);
}

}  // namespace
}  // namespace throng
