#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace throng {

inline float float_of(std::uint16_t bf16) { return std::bit_cast<float>(static_cast<std::uint32_t>(bf16) << 16); }

/// Numbers that bfloat16 holds, from a normal distribution.
inline std::vector<std::uint16_t> normal_bf16(std::size_t count, unsigned seed, float mean = 0) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(mean);
  std::vector<std::uint16_t> numbers(count);
  for (std::uint16_t& number : numbers) {
    number = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(normal(generator)) >> 16);
  }
  return numbers;
}

}  // namespace throng
