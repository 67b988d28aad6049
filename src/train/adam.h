#pragma once

#include <cstdint>

namespace throng {

/// What one step of AdamW is made with.
struct AdamStep {
  double learning_rate = 0;
  double weight_decay = 0;  ///< decoupled
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  std::int64_t number = 1;  ///< counted from 1
};

/// One step of AdamW on `count` weights, with moments of 16 bits: bfloat16, i.e. the upper half of a float.
///
/// The first moment is rounded to nearest. The second changes by less than a bfloat16 can show in most steps, so it is
/// rounded up or down at random, in proportion to how near the two are: right on average (Zamirai et al., Revisiting
/// BFloat16 Training, 2020). Chance is a hash of `seed`, the step and the weight's index: the same for every run.
///
/// `first_index` is the index of weights[0] in its tensor. Returns the sum of the squared gradients.
double adam_step_bf16(float* weights, const float* gradients, std::uint16_t* first_moments,
                      std::uint16_t* second_moments, std::int64_t first_index, std::int64_t count, std::uint64_t seed,
                      const AdamStep& step);

}  // namespace throng
