#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace throng {

/// The finaliser of splitmix64: a bijection of 64-bit numbers that spreads every bit.
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// 64-bit FNV-1a.
constexpr std::uint64_t fnv1a64(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  return hash;
}

/// Random numbers without a state: every draw is a hash of (seed, purpose, epoch, id, index). The same question gets
/// the same answer in any thread, order or process, so workers, prefetching and resuming change nothing.
class Draw {
 public:
  constexpr Draw(std::uint64_t seed, std::string_view purpose, std::uint64_t epoch = 0, std::uint64_t id = 0)
      : key_(mix(mix(mix(seed + kStep) ^ fnv1a64(purpose)) + epoch * kStep) ^ mix(id + kStep)) {}

  constexpr std::uint64_t bits(std::uint64_t index) const { return mix(key_ + (index + 1) * kStep); }
  /// In [0, 1).
  constexpr double uniform(std::uint64_t index) const { return static_cast<double>(bits(index) >> 11) * 0x1p-53; }
  constexpr double uniform(std::uint64_t index, double low, double high) const {
    return low + (high - low) * uniform(index);
  }
  /// In 0 .. count - 1; count is far below 2^32, so the bias of the multiplication is not noticeable.
  constexpr std::int64_t integer(std::uint64_t index, std::int64_t count) const {
    return static_cast<std::int64_t>(uniform(index) * static_cast<double>(count));
  }
  /// Standard normal (Box-Muller over draws 2 * index and 2 * index + 1).
  double normal(std::uint64_t index) const;
  /// A permutation of 0 .. count - 1.
  std::vector<std::int64_t> permutation(std::int64_t count) const;

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  std::uint64_t key_;
};

}  // namespace throng
