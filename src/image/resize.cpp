#include <algorithm>
#include <cstdint>
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

Axis make_axis(int from, int to) { return to <= from ? area_axis(from, to) : bilinear_axis(from, to); }

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
  Kept kept_[2];
};

}  // namespace

Image resize_image(const Image& image, int width, int height) {
  if (width == image.width && height == image.height) return image;
  if (image.width < 1 || image.height < 1) throw Error(ErrorKind::failure, "an empty picture cannot be resized");
  Image result = filled_image(width, height, {});
  const Axis columns = make_axis(image.width, width);
  const Axis rows = make_axis(image.height, height);
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
    std::ranges::transform(sums, result.pixel(0, y),
                           [total](std::int64_t sum) { return static_cast<std::uint8_t>((sum + total / 2) / total); });
  }
  return result;
}

}  // namespace throng
