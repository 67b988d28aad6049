#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "core/draw.h"
#include "synth/portable_math.h"

namespace throng::synth {

/// Draws in a row for building one thing (a person, a background), so that it needs no numbering of its choices.
class Chance {
 public:
  Chance(std::uint64_t seed, std::string_view purpose, std::uint64_t id = 0) : draw_(seed, purpose, 0, id) {}

  double uniform() { return draw_.uniform(next_++); }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  bool happens(double probability) { return uniform() < probability; }
  std::int64_t pick(std::int64_t count) { return draw_.integer(next_++, count); }
  std::uint32_t bits() { return static_cast<std::uint32_t>(draw_.bits(next_++) >> 32); }

  /// An index, by weight.
  std::size_t weighted(std::initializer_list<double> weights) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    double left = uniform() * sum;
    std::size_t index = 0;
    for (const double weight : weights) {
      if (left < weight) return index;
      left -= weight;
      ++index;
    }
    return weights.size() - 1;
  }

  double log_uniform(double low, double high) { return low * exponential(uniform() * logarithm(high / low)); }

  /// Mean 0, variance 1, nearly normal, never beyond 3.5 (a sum of four uniform draws).
  double bell() {
    double sum = -2;
    for (int i = 0; i < 4; ++i) sum += uniform();
    return sum * 1.7320508075688772;
  }

 private:
  Draw draw_;
  std::uint64_t next_ = 0;
};

}  // namespace throng::synth
