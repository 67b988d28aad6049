#include "kernels/row_loops.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "kernels/feature_map.h"
#include "kernels/rows.h"

// Every instruction set must give the bits of the portable loops. What is not a number need only stay so: which of two
// such operands a sum takes is the compiler's choice.
namespace throng {
namespace {

constexpr int width = 5;
constexpr int stride = 80;

using Bytes = std::vector<unsigned char>;

// Bits of all kinds: mostly numbers of about 1, some of any size, infinite or no numbers.
Bytes any_row(KernelType type, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  const auto element = static_cast<std::size_t>(element_bytes(type));
  Bytes row(width * stride * element);
  for (std::size_t i = 0; i < row.size(); i += element) {
    std::uint32_t bits = std::bit_cast<std::uint32_t>(normal(generator));
    if (generator() % 8 == 0) bits = static_cast<std::uint32_t>(generator());
    if (generator() % 64 == 0) bits |= 0x7F800000U;
    if (type == KernelType::bf16) bits >>= 16;
    std::memcpy(row.data() + i, &bits, element);
  }
  return row;
}

bool same_number(KernelType type, const unsigned char* a, const unsigned char* b) {
  if (std::memcmp(a, b, static_cast<std::size_t>(element_bytes(type))) == 0) return true;
  if (type == KernelType::u8) return false;
  std::uint32_t bits[2] = {};
  const int shift = type == KernelType::bf16 ? 16 : 0;
  std::memcpy(&bits[0], a, static_cast<std::size_t>(element_bytes(type)));
  std::memcpy(&bits[1], b, static_cast<std::size_t>(element_bytes(type)));
  return std::isnan(std::bit_cast<float>(bits[0] << shift)) && std::isnan(std::bit_cast<float>(bits[1] << shift));
}

class OtherLoops : public testing::TestWithParam<const RowLoops* (*)()> {
 protected:
  void SetUp() override {
    if (GetParam()() == nullptr) GTEST_SKIP() << "this processor lacks the instructions";
  }

  // Runs `work(loops, out, channels)` with both sets of loops for any remainder of vectors.
  template <class Work>
  static void expect_same(KernelType type, const Work& work) {
    const auto element = static_cast<std::size_t>(element_bytes(type));
    for (int channels = 1; channels <= stride; ++channels) {
      Bytes expected(width * stride * element, 0xFF);
      Bytes found = expected;
      work(portable_row_loops(), expected.data(), channels);
      work(*GetParam()(), found.data(), channels);
      for (std::size_t i = 0; i < found.size(); i += element)
        ASSERT_TRUE(same_number(type, &found[i], &expected[i]))
            << "channels " << channels << " element " << i / element;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, OtherLoops, testing::Values(avx2_row_loops, avx512_row_loops),
                         [](const auto& info) { return info.index == 0 ? "avx2" : "avx512"; });

TEST_P(OtherLoops, Pool) {
  for (const KernelType type : all_types) {
    const Bytes rows[] = {any_row(type, 1), any_row(type, 2), any_row(type, 3), any_row(type, 4)};
    const void* pointers[] = {rows[0].data(), rows[1].data(), rows[2].data(), rows[3].data()};
    for (const int kernel : {1, 2, 3, 4}) {
      std::vector<std::int64_t> columns;
      for (int i = 0; i < width * kernel; ++i) columns.push_back(i * 7 % width * stride);
      expect_same(type, [&](const RowLoops& loops, void* out, int channels) {
        loops.pool[static_cast<int>(type)]({pointers, columns.data(), kernel, out, stride, width, channels});
      });
    }
  }
}

TEST_P(OtherLoops, Blend) {
  const std::int64_t left[width] = {0, 0, stride, 3 * stride, 4 * stride};
  const std::int64_t right[width] = {stride, stride, 2 * stride, 4 * stride, 4 * stride};
  const float weights[width] = {0.1F, 0.9F, 0.3F, 0, 0.5F};
  for (const KernelType type : all_types) {
    const Bytes top = any_row(type, 5);
    const Bytes bottom = any_row(type, 6);
    std::vector<float> columns(2 * stride);
    expect_same(type, [&](const RowLoops& loops, void* out, int channels) {
      loops.blend[static_cast<int>(type)](
          {top.data(), bottom.data(), 0.3F, 0.7F, left, right, weights, columns.data(), out, stride, width, channels});
    });
  }
}

TEST_P(OtherLoops, Pick) {
  const std::int64_t columns[width] = {0, 0, 4 * stride, 3 * stride, stride};
  for (const KernelType type : all_types) {
    for (const float factor : {1.0F, 0.6F}) {
      if (factor != 1 && type != KernelType::u8) continue;
      const Bytes in = any_row(type, 7);
      expect_same(type, [&](const RowLoops& loops, void* out, int channels) {
        loops.pick[static_cast<int>(type)]({in.data(), columns, out, stride, width, channels, factor});
      });
    }
  }
}

TEST_P(OtherLoops, Convert) {
  for (const KernelType from : all_types) {
    for (const KernelType to : all_types) {
      if (from == to && from != KernelType::u8) continue;
      const Bytes in = any_row(from, 8);
      expect_same(to, [&](const RowLoops& loops, void* out, int channels) {
        loops.convert[static_cast<int>(from)][static_cast<int>(to)](
            {in.data(), stride, out, stride, width, channels, 33.3F});
      });
    }
  }
}

TEST_P(OtherLoops, Multiply) {
  const float weights[width] = {0.1F, -2, 1, 0, 1e30F};
  for (const KernelType type : all_types) {
    const Bytes in = any_row(type, 9);
    expect_same(type, [&](const RowLoops& loops, void* out, int channels) {
      loops.multiply[static_cast<int>(type)]({in.data(), stride, out, stride, width, channels, 1.3F, weights, 1});
    });
  }
}

TEST_P(OtherLoops, Sigmoid) {
  const Bytes in = any_row(KernelType::f32, 10);
  expect_same(KernelType::f32, [&](const RowLoops& loops, void* out, int channels) {
    loops.sigmoid({in.data(), stride, out, stride, width, channels});
  });
}

}  // namespace
}  // namespace throng
