#include "core/device.h"

#include <cstdint>
#include <limits>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

Device parse_device(std::string_view word) {
  if (word == "auto") return {Device::Kind::automatic, 0};
  if (word == "cpu") return {Device::Kind::cpu, 0};
  if (word == "cuda") return {Device::Kind::cuda, 0};
  constexpr std::string_view kIndexed = "cuda:";
  std::int64_t index = 0;
  if (word.starts_with(kIndexed) && parse_number(word.substr(kIndexed.size()), index) && index >= 0 &&
      index <= std::numeric_limits<int>::max()) {
    return {Device::Kind::cuda, static_cast<int>(index)};
  }
  throw Error(ErrorKind::usage, text("unknown device '", word, "': use auto, cpu, cuda, or cuda:N for the N-th GPU"));
}

std::string to_string(const Device& device) {
  switch (device.kind) {
    case Device::Kind::cpu:
      return "cpu";
    case Device::Kind::cuda:
      return text("cuda:", device.index);
    case Device::Kind::automatic:
      break;
  }
  return "auto";
}

Precision parse_precision(std::string_view word) {
  if (word == "auto") return Precision::automatic;
  if (word == "fp32") return Precision::fp32;
  if (word == "bf16") return Precision::bf16;
  if (word == "fp16") return Precision::fp16;
  if (word == "int8") return Precision::int8;
  throw Error(ErrorKind::usage, text("unknown precision '", word, "': use auto, fp32, bf16, int8, or on a GPU fp16"));
}

std::string to_string(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "fp32";
    case Precision::bf16:
      return "bf16";
    case Precision::fp16:
      return "fp16";
    case Precision::int8:
      return "int8";
    case Precision::automatic:
      break;
  }
  return "auto";
}

}  // namespace throng
