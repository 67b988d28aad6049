#include "model/resize.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

ResizeMode parse_resize_mode(const std::string& word) {
  if (word == "half_pixel") return ResizeMode::half_pixel;
  if (word == "align_corners") return ResizeMode::align_corners;
  throw Error(ErrorKind::usage, text("model.resize is \"", word, "\": use half_pixel or align_corners"));
}

at::Tensor resize_bilinear(const at::Tensor& input, std::int64_t height, std::int64_t width, ResizeMode mode) {
  if (input.size(2) == height && input.size(3) == width) return input;
  return at::upsample_bilinear2d(input, {height, width}, mode == ResizeMode::align_corners);
}

at::Tensor resize_nearest(const at::Tensor& input, std::int64_t height, std::int64_t width) {
  if (input.size(2) == height && input.size(3) == width) return input;
  return at::upsample_nearest2d(input, {height, width});
}

std::vector<float> nearest_repeats(std::int64_t in, std::int64_t out, std::int64_t valid) {
  std::vector<float> repeats(in, 0.0F);
  // The same single-precision product that torch's kernel takes, so that both agree on every row.
  const float scale = static_cast<float>(in) / static_cast<float>(out);
  for (std::int64_t row = 0; row < valid; ++row) {
    const auto source = static_cast<std::int64_t>(std::floor(static_cast<float>(row) * scale));
    repeats[std::min(source, in - 1)] += 1.0F;
  }
  return repeats;
}

}  // namespace throng
