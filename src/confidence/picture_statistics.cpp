#include "confidence/picture_statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace throng {

namespace {

constexpr int kSide = 16;                             // of a square, pixels: room for four octaves
constexpr int kOctaves = 4;                           // details of 2, 4, 8 and 16 pixels
constexpr int kMedians = 2;                           // octaves that blur and grain change most
constexpr int kSquares = 1024;                        // so many show a picture of any size well enough
constexpr int kNearlyBlack = 12, kNearlyWhite = 243;  // grey levels
// Added to energies: no more than rounding to whole grey levels makes, so that a plain picture has logarithms.
constexpr double kRounding = 0.05;

// Where squares begin along a side: as evenly as they can, the first and the last at the edges.
std::vector<int> starts(int length, double step) {
  const int count = std::max(1, static_cast<int>(length / step));
  std::vector<int> places(static_cast<std::size_t>(count), (length - kSide) / 2);
  for (int i = 0; count > 1 && i < count; ++i) {
    places[static_cast<std::size_t>(i)] = static_cast<int>(std::int64_t{i} * (length - kSide) / (count - 1));
  }
  return places;
}

// Sums over pixels of something and of its square.
struct Moments {
  std::int64_t sum = 0, squares = 0;

  void add(int value) {
    sum += value;
    squares += value * value;
  }
  double mean(double count) const { return static_cast<double>(sum) / count; }
  double deviation(double count) const {
    return std::sqrt(std::max(0.0, static_cast<double>(squares) / count - mean(count) * mean(count)));
  }
};

struct Detail {
  double energy = 0;    // mean square of the differences in three directions
  double diagonal = 0;  // of the diagonal one alone
};

// Looks at a picture square by square.
class PictureLook {
 public:
  explicit PictureLook(const Image& image) : image_(image) {
    const double area = static_cast<double>(image.width) * image.height;
    const double step = std::max({static_cast<double>(kSide), std::sqrt(area / kSquares),
                                  static_cast<double>(std::max(image.width, image.height)) / kSquares});
    const std::vector<int> columns = starts(image.width, step);
    for (const int y : starts(image.height, step)) {
      for (const int x : columns) look_at(x, y);
    }
  }

  FeatureGroup sharpness() {
    FeatureGroup group{"sharpness", {}};
    std::array<Detail, kOctaves> mean{};
    const auto count = static_cast<double>(energies_[0].size());
    for (std::size_t octave = 0; octave < kOctaves; ++octave) {
      mean[octave].energy = std::accumulate(energies_[octave].begin(), energies_[octave].end(), 0.0) / count;
      mean[octave].diagonal = diagonals_[octave] / count;
      group.values.push_back(std::log2(mean[octave].energy + kRounding));
    }
    for (std::size_t octave = 0; octave < kMedians; ++octave) {
      group.values.push_back(std::log2(median(energies_[octave]) + kRounding));
    }
    for (std::size_t octave = 0; octave < kMedians; ++octave) {
      // A third of what is added to the energy: that of plain pictures has no direction.
      group.values.push_back(std::log2((mean[octave].diagonal + kRounding / 3) / (mean[octave].energy + kRounding)));
    }
    return group;
  }

  FeatureGroup light() const {
    return {"light",
            {grey_.mean(pixels()) / 32, grey_.deviation(pixels()) / 16, quantile(0.05) / 32, quantile(0.95) / 32,
             4 * std::sqrt(share(black_)), 4 * std::sqrt(share(white_))}};
  }

  FeatureGroup colour() const {
    const double mean = std::hypot(blue_.mean(pixels()), red_.mean(pixels()));
    const double blue = blue_.deviation(pixels()), red = red_.deviation(pixels());
    return {"colour",
            {std::log2((mean + 1) / (std::hypot(blue, red) + 1)), std::log2(share(saturation_) + 2),
             std::log2(blue + 1), std::log2(red + 1)}};
  }

 private:
  double pixels() const { return static_cast<double>(pixels_); }
  double share(std::int64_t part) const { return static_cast<double>(part) / pixels(); }

  void look_at(int left, int top) {
    std::array<float, kSide * kSide> grey;
    for (int i = 0; i < kSide * kSide; ++i) {
      const std::uint8_t* pixel = image_.pixel(std::clamp(left + i % kSide, 0, image_.width - 1),
                                               std::clamp(top + i / kSide, 0, image_.height - 1));
      grey[static_cast<std::size_t>(i)] = add_pixel(pixel[0], pixel[1], pixel[2]);
    }
    std::size_t side = kSide;
    for (std::size_t octave = 0; octave < kOctaves; ++octave) {
      side /= 2;
      const Detail detail = halve(grey, side);
      energies_[octave].push_back(static_cast<float>(detail.energy));
      diagonals_[octave] += detail.diagonal;
    }
  }

  // Returns its grey level.
  float add_pixel(int red, int green, int blue) {
    const int weighted = 77 * red + 150 * green + 29 * blue;  // of 256
    const int grey = weighted / 256;
    const int least = std::min({red, green, blue}), most = std::max({red, green, blue});
    grey_.add(grey);
    blue_.add(blue - grey);
    red_.add(red - grey);
    saturation_ += most - least;
    black_ += most <= kNearlyBlack ? 1 : 0;
    white_ += least >= kNearlyWhite ? 1 : 0;
    ++levels_[static_cast<std::size_t>(grey)];
    ++pixels_;
    return static_cast<float>(weighted) / 256;
  }

  // Of a square of 2 side x 2 side grey levels: the details of its smallest octave (Haar's), and in place the means of
  // 2 x 2, which have the details of the next.
  static Detail halve(std::array<float, kSide * kSide>& grey, std::size_t side) {
    Detail sum;
    for (std::size_t y = 0; y < side; ++y) {
      for (std::size_t x = 0; x < side; ++x) {
        const float* upper = &grey[4 * y * side + 2 * x];
        const float* lower = upper + 2 * side;
        const float across = (upper[0] - upper[1] + lower[0] - lower[1]) / 4;
        const float down = (upper[0] + upper[1] - lower[0] - lower[1]) / 4;
        const float diagonal = (upper[0] - upper[1] - lower[0] + lower[1]) / 4;
        const float mean = (upper[0] + upper[1] + lower[0] + lower[1]) / 4;
        sum.energy += across * across + down * down + diagonal * diagonal;
        sum.diagonal += diagonal * diagonal;
        grey[y * side + x] = mean;
      }
    }
    const auto cells = static_cast<float>(side * side);
    return {sum.energy / cells, sum.diagonal / cells};
  }

  static double median(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
  }

  double quantile(double part) const {
    std::int64_t below = 0;
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      below += levels_[level];
      if (static_cast<double>(below) >= part * pixels()) return static_cast<double>(level);
    }
    return static_cast<double>(levels_.size() - 1);
  }

  const Image& image_;
  std::array<std::vector<float>, kOctaves> energies_;  // of each square
  std::array<double, kOctaves> diagonals_{};           // sums over squares
  Moments grey_, blue_, red_;                          // blue_ and red_: less grey
  std::int64_t saturation_ = 0, black_ = 0, white_ = 0, pixels_ = 0;
  std::array<std::int64_t, 256> levels_{};
};

}  // namespace

PictureFeatures picture_statistics(const Image& image) {
  PictureLook look(image);
  return {look.sharpness(), look.light(), look.colour()};
}

}  // namespace throng
