#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace throng {

/// How features are resized bilinearly between decoder stages.
enum class ResizeMode {
  half_pixel,     ///< pixel centres at +0.5: local, so images can be cut into tiles
  align_corners,  ///< corners on corners: what the released weights were trained with
};

ResizeMode parse_resize_mode(const std::string& word);

/// [B, C, h, w] -> [B, C, height, width].
at::Tensor resize_bilinear(const at::Tensor& input, std::int64_t height, std::int64_t width, ResizeMode mode);

/// Nearest: source index floor(dst * in / out).
at::Tensor resize_nearest(const at::Tensor& input, std::int64_t height, std::int64_t width);

/// How many of `out` rows take each of `in` rows when resized by nearest, looking only at the first `valid` rows of
/// `out`. With it the full-size map's sum is had without making that map: sum n_y n_x p.
std::vector<float> nearest_repeats(std::int64_t in, std::int64_t out, std::int64_t valid);

}  // namespace throng
