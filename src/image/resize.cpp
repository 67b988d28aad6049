#include "image/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/text.h"
#include "image/draw.h"
#include "throng/error.h"

namespace throng {
namespace {

/// What one pixel of the result takes from consecutive pixels of the source along one side.
struct Taps {
  int first;
  std::vector<std::int64_t> weights;
};

/// All arithmetic is in integers, so that a resized picture is the same on every machine.
struct Axis {
  std::vector<Taps> taps;
  std::int64_t total;  ///< what the weights of each tap list sum to
};

/// Result pixel i covers [i * from, (i + 1) * from) in units of 1 / to source pixels; weights are overlaps.
Axis area_axis(std::int64_t from, std::int64_t to) {
  Axis axis{{}, from};
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t start = i * from;
    const std::int64_t end = start + from;
    Taps taps{static_cast<int>(start / to), {}};
    for (std::int64_t s = start / to; s * to < end; ++s) {
      taps.weights.push_back(std::min(end, (s + 1) * to) - std::max(start, s * to));
    }
    axis.taps.push_back(std::move(taps));
  }
  return axis;
}

/// The centre of result pixel i lies at (i + 1/2) * from / to - 1/2 source pixels: here in units of 1 / (2 to).
Axis bilinear_axis(std::int64_t from, std::int64_t to) {
  Axis axis{{}, 2 * to};
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t place = std::clamp<std::int64_t>((2 * i + 1) * from - to, 0, 2 * to * (from - 1));
    const std::int64_t below = std::min(place / (2 * to), std::max<std::int64_t>(from - 2, 0));
    const std::int64_t share = place - below * 2 * to;
    Taps taps{static_cast<int>(below), {2 * to - share}};
    if (from > 1) taps.weights.push_back(share);
    axis.taps.push_back(std::move(taps));
  }
  return axis;
}

/// What four pixels in a row give to a place between the middle two, `share` of `total` behind the first of these: the
/// cubic that goes through the middle pixels with the slopes of their neighbours (Catmull and Rom 1974).
std::array<std::int64_t, 4> cubic_weights(std::int64_t share, std::int64_t total) {
  const std::int64_t square = share * share / total;
  const std::int64_t cube = square * share / total;
  std::array<std::int64_t, 4> weights = {(-cube + 2 * square - share) / 2, 0, (-3 * cube + 4 * square + share) / 2,
                                         (cube - square) / 2};
  weights[1] = total - weights[0] - weights[2] - weights[3];
  return weights;
}

/// Centres lie as in bilinear_axis; the pixels at the ends go on beyond them.
Axis bicubic_axis(std::int64_t from, std::int64_t to) {
  Axis axis{{}, std::int64_t{1} << 16};
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t place = std::clamp<std::int64_t>((2 * i + 1) * from - to, 0, 2 * to * (from - 1));
    const std::int64_t below = place / (2 * to);
    const std::array<std::int64_t, 4> weights = cubic_weights((place % (2 * to)) * axis.total / (2 * to), axis.total);
    const auto pixel = [&](std::int64_t tap) { return std::clamp<std::int64_t>(below + tap - 1, 0, from - 1); };
    Taps taps{static_cast<int>(pixel(0)), std::vector<std::int64_t>(static_cast<std::size_t>(pixel(3) - pixel(0) + 1))};
    for (std::size_t tap = 0; tap < 4; ++tap) {
      taps.weights[static_cast<std::size_t>(pixel(static_cast<std::int64_t>(tap)) - pixel(0))] += weights[tap];
    }
    axis.taps.push_back(std::move(taps));
  }
  return axis;
}

using MakeAxis = Axis (*)(std::int64_t from, std::int64_t to);

/// Source rows resized along x, not yet divided by the axis's total. Neighbouring result rows share source rows, so the
/// last few are kept.
class WideRows {
 public:
  WideRows(const Image& image, const Axis& axis) : image_(image), axis_(axis) {
    for (Kept& kept : kept_) kept.values.resize(3 * axis.taps.size());
  }

  const std::vector<std::int64_t>& row(int y) {
    Kept& kept = kept_[static_cast<std::size_t>(y) % std::size(kept_)];
    if (kept.y != y) fill(kept, y);
    return kept.values;
  }

 private:
  struct Kept {
    int y = -1;
    std::vector<std::int64_t> values;
  };

  void fill(Kept& kept, int y) {
    kept.y = y;
    std::int64_t* to = kept.values.data();
    for (const Taps& taps : axis_.taps) {
      const std::uint8_t* from = image_.pixel(taps.first, y);
      std::int64_t sums[3] = {};
      for (const std::int64_t weight : taps.weights) {
        for (std::int64_t& sum : sums) sum += weight * *from++;
      }
      to = std::copy(std::begin(sums), std::end(sums), to);
    }
  }

  const Image& image_;
  const Axis& axis_;
  Kept kept_[4];
};

Image resized(const Image& image, int width, int height, MakeAxis growing) {
  if (width == image.width && height == image.height) return image;
  if (image.width < 1 || image.height < 1) throw Error(ErrorKind::failure, "an empty picture cannot be resized");
  Image result = filled_image(width, height, {});
  const Axis columns = (width > image.width ? growing : area_axis)(image.width, width);
  const Axis rows = (height > image.height ? growing : area_axis)(image.height, height);
  const std::int64_t total = columns.total * rows.total;
  WideRows wide(image, columns);
  std::vector<std::int64_t> sums(3 * static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    const Taps& taps = rows.taps[static_cast<std::size_t>(y)];
    std::ranges::fill(sums, 0);
    for (std::size_t t = 0; t < taps.weights.size(); ++t) {
      const std::vector<std::int64_t>& row = wide.row(taps.first + static_cast<int>(t));
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += taps.weights[t] * row[i];
    }
    std::ranges::transform(sums, result.pixel(0, y), [total](std::int64_t sum) {
      return static_cast<std::uint8_t>(std::clamp<std::int64_t>((sum + total / 2) / total, 0, 255));
    });
  }
  return result;
}

}  // namespace

Image resize_image(const Image& image, int width, int height) { return resized(image, width, height, bilinear_axis); }

Image resize_image_bicubic(const Image& image, int width, int height) {
  return resized(image, width, height, bicubic_axis);
}

int scaled_length(int length, double factor) {
  constexpr double kLongest = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp(std::round(length * factor), 1.0, kLongest));
}

ImageSize scaled_size(ImageSize size, double factor) {
  return {scaled_length(size.width, factor), scaled_length(size.height, factor)};
}

Image scaled_image(const Image& image, double factor) {
  const ImageSize size = scaled_size({image.width, image.height}, factor);
  return resize_image_bicubic(image, size.width, size.height);
}

}  // namespace throng
