#include "metrics/errors.h"

#include <cmath>

#include "core/text.h"
#include "metrics/nearest_pixel.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kDeepestLevel = 12;

void check_map(std::span<const float> map, const char* which, int width, int height) {
  if (width < 1 || height < 1 || map.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    throw Error(ErrorKind::usage, text("GAME: the ", which, " map has ", map.size(), " values, its size is given as ",
                                       width, "x", height, "; pass width * height values, row by row"));
  }
}

/// The grid of GAME: cell (row, column) covers pixels [edge(row), edge(row + 1)) x [edge(column), edge(column + 1)).
class CellGrid {
 public:
  CellGrid(int width, int height, int level) : side_(1 << check_level(level)) {
    columns_ = cells_of(width);
    rows_ = cells_of(height);
    difference_.resize(static_cast<std::size_t>(side_) * side_);
  }

  void add_map(std::span<const float> map, double sign) {
    const std::size_t width = columns_.size();
    for (std::size_t y = 0; y < rows_.size(); ++y) {
      for (std::size_t x = 0; x < width; ++x) cell(y, x) += sign * map[y * width + x];
    }
  }

  void add_point(const Point& point, double sign) {
    cell(nearest_pixel(point.y, rows_.size()), nearest_pixel(point.x, columns_.size())) += sign;
  }

  double sum_of_magnitudes() const {
    double sum = 0;
    for (const double value : difference_) sum += std::fabs(value);
    return sum;
  }

 private:
  static int check_level(int level) {
    if (level < 0 || level > kDeepestLevel) {
      throw Error(ErrorKind::usage, text("GAME level ", level, " is not between 0 and ", kDeepestLevel));
    }
    return level;
  }

  /// For each pixel of one axis the cell that it belongs to.
  std::vector<int> cells_of(int size) const {
    std::vector<int> cells(static_cast<std::size_t>(size));
    for (int i = 0; i < side_; ++i) {
      const std::int64_t first = static_cast<std::int64_t>(size) * i / side_;
      const std::int64_t end = static_cast<std::int64_t>(size) * (i + 1) / side_;
      for (std::int64_t p = first; p < end; ++p) cells[static_cast<std::size_t>(p)] = i;
    }
    return cells;
  }

  double& cell(std::size_t y, std::size_t x) {
    return difference_[static_cast<std::size_t>(rows_[y]) * side_ + static_cast<std::size_t>(columns_[x])];
  }

  int side_;
  std::vector<int> columns_;
  std::vector<int> rows_;
  std::vector<double> difference_;  ///< [side, side] predicted - true
};

}  // namespace

void ErrorMeter::add(double predicted, double truth) {
  const double error = std::fabs(predicted - truth);
  absolute_ += error;
  squared_ += error * error;
  ++images_;
  if (truth != 0) {
    normalised_ += error / truth;
    ++with_people_;
  }
}

CountErrors ErrorMeter::result() const {
  CountErrors errors;
  errors.images = images_;
  if (images_ > 0) {
    errors.mae = absolute_ / static_cast<double>(images_);
    errors.rmse = std::sqrt(squared_ / static_cast<double>(images_));
  }
  if (with_people_ > 0) errors.nae = normalised_ / static_cast<double>(with_people_);
  return errors;
}

double game(std::span<const float> predicted, std::span<const float> truth, int width, int height, int level) {
  check_map(predicted, "predicted", width, height);
  check_map(truth, "true", width, height);
  CellGrid grid(width, height, level);
  grid.add_map(predicted, 1);
  grid.add_map(truth, -1);
  return grid.sum_of_magnitudes();
}

double game(std::span<const float> predicted, std::span<const Point> truth, int width, int height, int level) {
  check_map(predicted, "predicted", width, height);
  CellGrid grid(width, height, level);
  grid.add_map(predicted, 1);
  for (const Point& point : truth) grid.add_point(point, -1);
  return grid.sum_of_magnitudes();
}

}  // namespace throng
