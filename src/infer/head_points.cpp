#include "infer/head_points.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "core/text.h"
#include "infer/cell_length.h"
#include "infer/highest_cell.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::int64_t kMostPoints = 10'000'000;

/// Of the kernel, pixels: that of the maps that networks learn from (DensityConfig).
constexpr double kSigma = 4;
constexpr double kReach = 3;  ///< sigmas

/// These maps put a head on pixel floor(x) - 1, a pixel before its annotation in the mean. Pictures are mirrored in
/// training, which makes up for it along x and not along y.
constexpr double kBelowKernel = 1;  ///< pixels

constexpr int kRefinements = 5;       ///< of expectation-maximisation
constexpr double kBackground = 0.01;  ///< people per cell in steps of a head's peak: what no point accounts for

/// One side of the picture and of its grid. Places are in cells, 0 being the centre of the first one.
struct Side {
  int pixels;
  int cells;
  double cell;   ///< pixels
  double sigma;  ///< cells
  int radius;    ///< cells

  Side(int pixels_, int cells_) : pixels(pixels_), cells(cells_), cell(cell_length(pixels_, cells_)) {
    sigma = kSigma / cell;
    radius = static_cast<int>(std::ceil(kReach * sigma));
  }

  float pixel(double place, double offset) const {
    const auto last = std::nextafter(static_cast<float>(pixels), 0.0f);
    return std::clamp(static_cast<float>((place + 0.5) * cell + offset), 0.0f, last);
  }
};

/// A person's kernel along one side, cut at the ends of the map; what is inside sums to 1, as in training.
class Stretch {
 public:
  explicit Stretch(const Side& side) : side_(side), weights_(static_cast<std::size_t>(2 * side.radius + 1)) {}

  void centre_on(double place) {
    const int middle = std::clamp(static_cast<int>(std::lround(place)), 0, side_.cells - 1);
    first_ = std::max(0, middle - side_.radius);
    last_ = std::min(side_.cells - 1, middle + side_.radius);
    float sum = 0;
    for (int i = first_; i <= last_; ++i) {
      const double z = (i - place) / side_.sigma;
      sum += weights_[static_cast<std::size_t>(i - first_)] = static_cast<float>(std::exp(-0.5 * z * z));
    }
    for (int i = first_; i <= last_; ++i) weights_[static_cast<std::size_t>(i - first_)] /= sum;
  }

  int first() const { return first_; }
  int last() const { return last_; }
  float at(int cell) const { return weights_[static_cast<std::size_t>(cell - first_)]; }

 private:
  const Side& side_;
  std::vector<float> weights_;
  int first_ = 0;
  int last_ = -1;
};

struct Found {
  double x;  ///< cells
  double y;
  double people;  ///< of the density that it accounts for
};

/// Where a parabola through three values one apart has its top, from the middle one, which is the highest.
double top_of_parabola(double before, double middle, double after) {
  const double bend = before - 2 * middle + after;
  return bend < 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0.0;
}

class HeadSearch {
 public:
  HeadSearch(const DensityMap& grid, int width, int height)
      : density_(grid.values), columns_(width, grid.width), rows_(height, grid.height), x_(columns_), y_(rows_) {
    for (float& people : density_) people = std::isfinite(people) ? std::max(people, 0.0f) : 0.0f;
  }

  std::vector<HeadPoint> run(std::int64_t people) {
    take_peaks(people);
    for (int step = 0; step < kRefinements; ++step) move_to_means();
    std::ranges::stable_sort(found_, std::ranges::greater{}, &Found::people);
    std::vector<HeadPoint> points;
    points.reserve(found_.size());
    for (const Found& head : found_) {
      points.push_back({columns_.pixel(head.x, 0), rows_.pixel(head.y, kBelowKernel),
                        static_cast<float>(std::clamp(head.people, 0.0, 1.0))});
    }
    return points;
  }

 private:
  void take_peaks(std::int64_t people) {
    HighestCell left(density_, columns_.cells, rows_.cells);
    found_.reserve(static_cast<std::size_t>(people));
    for (std::int64_t i = 0; i < people; ++i) {
      const auto [x, y] = left.highest();
      Found head{double(x), double(y), 0};
      if (x > 0 && x + 1 < columns_.cells) {
        head.x += top_of_parabola(left.value(x - 1, y), left.value(x, y), left.value(x + 1, y));
      }
      if (y > 0 && y + 1 < rows_.cells) {
        head.y += top_of_parabola(left.value(x, y - 1), left.value(x, y), left.value(x, y + 1));
      }
      found_.push_back(head);
      x_.centre_on(head.x);
      y_.centre_on(head.y);
      left.change(x_.first(), y_.first(), x_.last(), y_.last(),
                  [&](int column, int row, float& value) { value -= x_.at(column) * y_.at(row); });
    }
  }

  /// Gives visit(x, y, cell, weight) the cells that a person's kernel reaches.
  template <class Visit>
  void around(const Found& head, const Visit& visit) {
    x_.centre_on(head.x);
    y_.centre_on(head.y);
    for (int y = y_.first(); y <= y_.last(); ++y) {
      const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_.cells);
      for (int x = x_.first(); x <= x_.last(); ++x) visit(x, y, row + static_cast<std::size_t>(x), x_.at(x) * y_.at(y));
    }
  }

  void move_to_means() {
    kernels_.assign(density_.size(), 0.0f);
    for (const Found& head : found_) {
      around(head, [&](int, int, std::size_t cell, float weight) { kernels_[cell] += weight; });
    }
    for (Found& head : found_) {
      double people = 0, explained = 0, sum_x = 0, sum_y = 0;
      around(head, [&](int x, int y, std::size_t cell, float weight) {
        const double share = density_[cell] * weight / (kernels_[cell] + kBackground);
        explained += share;
        sum_x += share * x;
        sum_y += share * y;
        if (kernels_[cell] > 0) people += density_[cell] * weight / kernels_[cell];
      });
      head.people = people;
      if (explained > 0) {
        head.x = sum_x / explained;
        head.y = sum_y / explained;
      }
    }
  }

  std::vector<float> density_;
  Side columns_;
  Side rows_;
  Stretch x_;
  Stretch y_;
  std::vector<Found> found_;
  std::vector<float> kernels_;  ///< of all points, on the grid
};

}  // namespace

std::vector<HeadPoint> head_points(const DensityMap& grid, int width, int height, std::int64_t people) {
  if (people <= 0) return {};
  if (people > kMostPoints) {
    throw Error(ErrorKind::failure,
                text("a count of ", people, " people cannot be shown as points: at most ", kMostPoints, " are placed"));
  }
  const bool fits = width > 0 && height > 0 && grid.width > 0 && grid.height > 0 &&
                    grid.values.size() == static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height);
  if (!fits) {
    throw Error(ErrorKind::failure,
                text("a density map of ", grid.width, " x ", grid.height, " cells with ", grid.values.size(),
                     " values does not fit a picture of ", width, " x ", height, " pixels"));
  }
  return HeadSearch(grid, width, height).run(people);
}

}  // namespace throng
