#pragma once

#include <string>
#include <string_view>

namespace throng {

struct Device {
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  int index = 0;  ///< of the CUDA device

  bool operator==(const Device&) const = default;
};

enum class Precision { automatic, fp32, bf16, fp16, int8 };

/// "auto", "cpu", "cuda", "cuda:1". Throws Error(usage) that lists what is accepted.
Device parse_device(std::string_view word);
std::string to_string(const Device& device);

/// "auto", "fp32", "bf16", "fp16" (GPUs alone have it), "int8". Throws Error(usage) that lists what is accepted.
Precision parse_precision(std::string_view word);
std::string to_string(Precision precision);

}  // namespace throng
