#include "train/adam.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/bf16_words.h"

namespace throng {

namespace {

constexpr int kLanes = 32;
constexpr std::int64_t kSummed = 4096;  // squares that are added in single precision, a lane each kLanes

struct Factors {
  float kept;  // of a weight after its decay
  float beta1, beta2;
  float rate;             // learning rate over the first moment's correction
  float root_correction;  // of the second moment
  float epsilon;
};

Factors factors_of(const AdamStep& step) {
  const auto number = static_cast<double>(step.number);
  return {.kept = static_cast<float>(1 - step.learning_rate * step.weight_decay),
          .beta1 = static_cast<float>(step.beta1),
          .beta2 = static_cast<float>(step.beta2),
          .rate = static_cast<float>(step.learning_rate / (1 - std::pow(step.beta1, number))),
          .root_correction = static_cast<float>(1 / std::sqrt(1 - std::pow(step.beta2, number))),
          .epsilon = static_cast<float>(step.epsilon)};
}

// Adds 0 to 65535 of 65536 of a step of bfloat16, then cuts off.
inline std::uint16_t at_random(float value, std::uint32_t chance) {
  return static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(value) + (chance >> 16)) >> 16);
}

inline std::uint32_t mixed(std::uint32_t bits) {  // the finaliser of MurmurHash3
  bits ^= bits >> 16;
  bits *= 0x85EBCA6BU;
  bits ^= bits >> 13;
  bits *= 0xC2B2AE35U;
  return bits;
}

THRONG_CLONES
double run(float* __restrict weights, const float* __restrict gradients, std::uint16_t* __restrict first,
           std::uint16_t* __restrict second, std::uint32_t chance, std::int64_t count, const Factors& f) {
  double squares = 0;
  for (std::int64_t begin = 0; begin < count; begin += kSummed) {
    const std::int64_t end = std::min(count, begin + kSummed);
    float sums[kLanes] = {};
    for (std::int64_t i = begin; i < end; i += kLanes) {
      const int lanes = static_cast<int>(std::min<std::int64_t>(kLanes, end - i));
      const auto one = [&](int lane) {
        const std::int64_t k = i + lane;
        const float g = gradients[k];
        sums[lane] += g * g;
        const float m = f.beta1 * widened(first[k]) + (1 - f.beta1) * g;
        const float v = f.beta2 * widened(second[k]) + (1 - f.beta2) * (g * g);
        first[k] = rounded_to_bf16(m);
        second[k] = at_random(v, mixed(chance + static_cast<std::uint32_t>(k)));
        weights[k] = f.kept * weights[k] - f.rate * m / (std::sqrt(v) * f.root_correction + f.epsilon);
      };
      if (lanes == kLanes) {
        for (int lane = 0; lane < kLanes; ++lane) one(lane);
      } else {
        for (int lane = 0; lane < lanes; ++lane) one(lane);
      }
    }
    for (const float sum : sums) squares += static_cast<double>(sum);
  }
  return squares;
}

}  // namespace

double adam_step_bf16(float* weights, const float* gradients, std::uint16_t* first_moments,
                      std::uint16_t* second_moments, std::int64_t first_index, std::int64_t count, std::uint64_t seed,
                      const AdamStep& step) {
  const auto salt = static_cast<std::uint32_t>(seed * 0x9E3779B97F4A7C15ULL >> 32);
  const std::uint32_t chance = mixed(mixed(salt) + static_cast<std::uint32_t>(step.number));
  return run(weights, gradients, first_moments, second_moments, chance + static_cast<std::uint32_t>(first_index), count,
             factors_of(step));
}

}  // namespace throng
