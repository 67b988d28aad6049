#include "train/adam.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

namespace throng {
namespace {

float float_of(std::uint16_t bf16) { return std::bit_cast<float>(static_cast<std::uint32_t>(bf16) << 16); }

struct Weights {
  explicit Weights(std::size_t count) : values(count, 1.0F), first(count), second(count) {}

  double step(const std::vector<float>& gradients, std::int64_t number, std::uint64_t seed = 1) {
    const AdamStep step{.learning_rate = 0.01, .weight_decay = 0.1, .number = number};
    return adam_step_bf16(values.data(), gradients.data(), first.data(), second.data(), 0,
                          static_cast<std::int64_t>(values.size()), seed, step);
  }

  std::vector<float> values;
  std::vector<std::uint16_t> first, second;
};

double mean_of_second_moments(const Weights& weights) {
  double sum = 0;
  for (const std::uint16_t moment : weights.second) sum += float_of(moment);
  return sum / static_cast<double>(weights.second.size());
}

// 101 weights: some fill no vector.
TEST(AdamInBf16, StepsAsAdamWDoesUpToItsMomentsRounding) {
  Weights weights(101);
  double value = 1, first = 0, second = 0;
  for (std::int64_t number = 1; number <= 40; ++number) {
    const double gradient = std::sin(static_cast<double>(number)) + 0.5;
    const double squares = weights.step(std::vector<float>(101, static_cast<float>(gradient)), number);
    EXPECT_NEAR(squares, 101 * gradient * gradient, 1e-3);
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient * gradient;
    const double first_hat = first / (1 - std::pow(0.9, number)), second_hat = second / (1 - std::pow(0.999, number));
    value = (1 - 0.01 * 0.1) * value - 0.01 * first_hat / (std::sqrt(second_hat) + 1e-8);
  }
  for (const float weight : weights.values) EXPECT_NEAR(weight, value, 0.01 * std::abs(value - 1));
}

// Rounded to nearest, a second moment would stay where it is: it changes by a thousandth, bfloat16 has steps of 4 to 8.
TEST(AdamInBf16, SecondMomentsAreRightOnAverage) {
  constexpr std::size_t count = 20'000;
  Weights weights(count);
  weights.step(std::vector<float>(count, 1.0F), 1);
  double exact = 0.001;
  for (std::int64_t number = 2; number <= 300; ++number) {
    const float gradient = number <= 150 ? 1.0F : 0.0F;
    weights.step(std::vector<float>(count, gradient), number);
    exact = 0.999 * exact + 0.001 * static_cast<double>(gradient * gradient);
  }
  EXPECT_NEAR(mean_of_second_moments(weights), exact, 0.001 * exact);
}

TEST(AdamInBf16, ChanceIsOfTheSeedTheStepAndTheIndex) {
  std::vector<float> gradients(1000);
  for (std::size_t i = 0; i < gradients.size(); ++i) gradients[i] = 0.1F + 0.001F * static_cast<float>(i);
  Weights whole(1000), again(1000), other(1000), parts(1000);
  for (std::int64_t number = 1; number <= 3; ++number) {
    whole.step(gradients, number);
    again.step(gradients, number);
    other.step(gradients, number, 2);
    const AdamStep step{.learning_rate = 0.01, .weight_decay = 0.1, .number = number};
    for (const std::int64_t begin : {600, 0}) {
      adam_step_bf16(parts.values.data() + begin, gradients.data() + begin, parts.first.data() + begin,
                     parts.second.data() + begin, begin, begin == 0 ? 600 : 400, 1, step);
    }
  }
  EXPECT_EQ(whole.second, again.second);
  EXPECT_EQ(whole.second, parts.second) << "whoever computes which part";
  EXPECT_NE(whole.second, other.second);
}

}  // namespace
}  // namespace throng
