#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <new>

#include "model/config.h"
#include "throng/error.h"
#include "train/config.h"

namespace throng {

/// Throws Error(failure), which says what it takes and what to lower, where training the network that a configuration
/// describes takes more than `available` bytes: on a CPU its weights, two moments, averages where train.ema asks for
/// them, and all gradients where train.clip does; for another device its weights alone, which are made on the CPU.
void check_network_memory(const ModelConfig& model, const TrainConfig& train, const at::Device& device,
                          std::int64_t available);

/// Whether libtorch's error is that the allocator of the CPU or of another device found no memory.
bool is_lack_of_memory(const c10::Error& error);

/// Gives what `work` gives; where memory runs out, libtorch's or any other, throws what `error` makes.
template <class Work, class MakeError>
auto or_lack_of_memory(const Work& work, const MakeError& error) {
  try {
    return work();
  } catch (const c10::Error& problem) {
    if (!is_lack_of_memory(problem)) throw;
  } catch (const std::bad_alloc&) {
  }
  throw error();
}

/// What to say when memory ran out between two steps.
Error out_of_memory(const TrainConfig& train);

}  // namespace throng
