#include "kernels/openmp_threads.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace throng {
namespace {

// This program has no OpenMP: all is done on this thread. tests/train has one.
TEST(OpenMpThreads, WithoutOpenMpThisThreadDoesAll) {
  std::vector<int> done(10);
  on_openmp_threads(10, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) ++done[static_cast<std::size_t>(i)];
  });
  EXPECT_EQ(done, std::vector<int>(10, 1));
  on_openmp_threads(0, [](std::int64_t, std::int64_t) { FAIL() << "there is nothing to do"; });
  EXPECT_THROW(on_openmp_threads(3, [](std::int64_t, std::int64_t) { throw std::runtime_error("no"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace throng
