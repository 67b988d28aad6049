#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "data/manifest.h"

namespace throng {

/// A figure of which there is none (no images, none with people) is not a number.
struct CountErrors {
  double mae = std::numeric_limits<double>::quiet_NaN();   ///< mean absolute error, people
  double rmse = std::numeric_limits<double>::quiet_NaN();  ///< root of the mean squared error ("MSE" in papers)
  double nae = std::numeric_limits<double>::quiet_NaN();   ///< mean of |error| / truth, images with truth 0 left out
  std::int64_t images = 0;
};

/// Gathers counts of images one by one.
class ErrorMeter {
 public:
  void add(double predicted, double truth);
  CountErrors result() const;

 private:
  double absolute_ = 0;
  double squared_ = 0;
  double normalised_ = 0;
  std::int64_t images_ = 0;
  std::int64_t with_people_ = 0;
};

/// GAME(level): the sum over a 2^level x 2^level grid of |predicted - true| per cell; cell edges floor(size * i /
/// 2^level). GAME(0) is the absolute error. Maps are [height, width], people per pixel.
double game(std::span<const float> predicted, std::span<const float> truth, int width, int height, int level);
/// The same with the truth counted from head annotations; points outside count in the nearest cell.
double game(std::span<const float> predicted, std::span<const Point> truth, int width, int height, int level);

}  // namespace throng
