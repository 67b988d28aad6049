#pragma once

#include <bit>
#include <cstdint>

// bfloat16 as the words that it is: the upper halves of floats.

/// A function that is compiled once for each set of instructions; the right one is chosen when the program starts.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define THRONG_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define THRONG_CLONES
#endif

namespace throng {

inline float widened(std::uint16_t bf16) { return std::bit_cast<float>(static_cast<std::uint32_t>(bf16) << 16); }

/// To nearest, ties to even; not for NaN.
inline std::uint16_t rounded_to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

}  // namespace throng
