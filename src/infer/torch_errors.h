#pragma once

#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include <string>

namespace throng {

/// Work of torch's, as a sentence about its failure names it: "counting an image of 3 x 4 pixels failed".
struct TorchWork {
  std::string doing;    ///< "counting"
  std::string object;   ///< "an image of 3 x 4 pixels"
  std::string instead;  ///< what to do where the device's memory does not suffice
  c10::Device device;
};

/// Throws Error(failure) that says what torch threw during that work.
[[noreturn]] void throw_as_failure(const c10::Error& error, const TorchWork& work);

/// Runs `run`; what torch throws there becomes Error(failure).
template <class Run>
auto in_our_words(const TorchWork& work, const Run& run) {
  try {
    return run();
  } catch (const c10::Error& error) {
    throw_as_failure(error, work);
  }
}

}  // namespace throng
