#include "weights/finite.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>

namespace throng {

namespace {

// Whether none of the numbers has all of IEEE 754's exponent bits, which mean NaN or infinity.
template <class Bits>
bool never_all_set(const void* numbers, std::int64_t count, Bits exponent) {
  const auto* bits = static_cast<const Bits*>(numbers);
  Bits found = 0;
  for (std::int64_t i = 0; i < count; ++i) found |= static_cast<Bits>((bits[i] & exponent) == exponent);
  return found == 0;
}

}  // namespace

bool all_finite(const at::Tensor& tensor) {
  const bool half = tensor.scalar_type() == at::kHalf, bfloat16 = tensor.scalar_type() == at::kBFloat16;
  const at::Tensor dense = (half || bfloat16 ? tensor : tensor.to(at::kFloat)).to(at::kCPU).contiguous();
  const void* numbers = dense.const_data_ptr();
  if (half) return never_all_set<std::uint16_t>(numbers, dense.numel(), 0x7c00);
  if (bfloat16) return never_all_set<std::uint16_t>(numbers, dense.numel(), 0x7f80);
  return never_all_set<std::uint32_t>(numbers, dense.numel(), 0x7f800000);
}

bool all_finite(const TensorFile& file) {
  return std::ranges::all_of(
      file.tensors, [](const auto& named) { return !named.second.is_floating_point() || all_finite(named.second); });
}

}  // namespace throng
