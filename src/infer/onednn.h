#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "infer/conv_geometry.h"

// PyTorch's internal oneDNN operators. They move between releases, so they are looked up and tried once, here, and
// whoever uses them has something else to fall back to.
namespace throng {

/// Empty where the packed convolutions of fp32 and bf16 can be used; else why not.
const std::string& why_no_packed_convolution();
/// Empty where those of int8 can be used, and are fast and exact on this CPU; else why not.
const std::string& why_no_int8_convolution();

/// Whether oneDNN multiplies int8 by matrix tiles (AMX), many times faster than by vectors.
bool onednn_has_int8_tiles();
/// Whether oneDNN computes in bf16 on this CPU, in hardware or emulated.
bool onednn_supports_bf16();

// Weights are laid out anew for inputs of one size, because the layout that oneDNN wants depends on it: with weights in
// another one each call begins by laying them out again, which can take ten times as long as the convolution.

/// Weights laid out as oneDNN wants them, and the convolution with them: bias, residual and ReLU in the same pass.
/// Only where why_no_packed_convolution() is empty.
at::Tensor pack_weights(const at::Tensor& weight, at::IntArrayRef input_size, const ConvGeometry& geometry);
at::Tensor packed_convolution(const at::Tensor& input, const at::Tensor& packed, const at::Tensor& bias,
                              const at::Tensor& residual, const ConvGeometry& geometry);

/// Weights of int8 with a scale per output channel, not laid out yet.
struct Int8Weights {
  at::Tensor steps;        ///< [out, in, kernel, kernel]
  at::Tensor scales;       ///< [out]
  at::Tensor zero_points;  ///< [out], all 0
  at::Tensor bias;         ///< [out], fp32, or undefined
};

/// Rounds folded weights to int8, each output channel by its largest.
Int8Weights to_int8(const at::Tensor& weight, const at::Tensor& bias);
/// Their steps laid out for u8 inputs of that size. This and the next only where why_no_int8_convolution() is empty.
at::Tensor pack_int8(const Int8Weights& weights, float input_scale, at::IntArrayRef input_size,
                     const ConvGeometry& geometry);
/// u8 [1, in, H, W] -> `type`, u8 in steps of `output_scale`.
at::Tensor int8_convolution(const at::Tensor& input, float input_scale, const at::Tensor& packed,
                            const Int8Weights& weights, const ConvGeometry& geometry, at::ScalarType type,
                            float output_scale);

/// Packed weights for the sizes of input that were used last. The strips of a picture have up to three, the first, the
/// usual and the last; pictures on end and on their side take turns in many folders.
class PackedBySize {
 public:
  static constexpr std::int64_t kUsual = 3;  ///< of one picture

  template <class Pack>
  const at::Tensor& get(at::IntArrayRef size, const Pack& pack) {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return size.equals(entry.size); });
    if (found != entries_.end()) {
      std::rotate(found, found + 1, entries_.end());
    } else {
      if (entries_.size() == 2 * kUsual) entries_.erase(entries_.begin());
      entries_.push_back({size.vec(), pack()});
    }
    return entries_.back().packed;
  }

 private:
  struct Entry {
    std::vector<std::int64_t> size;
    at::Tensor packed;
  };
  std::vector<Entry> entries_;  // the last used last
};

}  // namespace throng
