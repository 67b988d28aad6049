#include "infer/activation_histogram.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "throng/error.h"

namespace throng {

namespace {

constexpr std::size_t kBins = 2048;
constexpr double kSteps = 255;

}  // namespace

ActivationHistogram::ActivationHistogram() : counts_(kBins) {}

void ActivationHistogram::add(const at::Tensor& values) {
  const at::Tensor flat = values.flatten();
  const double largest = flat.max().item<double>();
  if (!std::isfinite(largest)) {
    throw Error(ErrorKind::model, "activations of the network are no finite numbers: it cannot be calibrated");
  }
  if (!(largest > 0)) return;
  widen(largest);
  const double end = width_ * kBins;
  const at::Tensor counted = at::histc(flat, kBins, 0, end);
  const float* counts = counted.const_data_ptr<float>();
  for (std::size_t bin = 0; bin < kBins; ++bin) counts_[bin] += counts[bin];
  counts_.front() -= static_cast<double>((flat == 0).sum().item<std::int64_t>());
}

// Bins become twice as wide until the largest value has one.
void ActivationHistogram::widen(double largest) {
  if (width_ == 0) width_ = largest / kBins;
  while (width_ * kBins < largest) {
    for (std::size_t bin = 0; bin < kBins; ++bin)
      counts_[bin] = 2 * bin + 1 < kBins ? counts_[2 * bin] + counts_[2 * bin + 1] : 0;
    width_ *= 2;
  }
}

float ActivationHistogram::best_range() const {
  double best = std::numeric_limits<double>::infinity(), range = 0;
  // Behind bin b: how many values are larger than the range, their sum and sum of squares.
  double above = 0, sum = 0, squares = 0, within = 0;
  for (const double count : counts_) within += count;
  for (std::size_t bin = kBins; bin > 0; --bin) {
    const double end = width_ * static_cast<double>(bin);
    const double step = end / kSteps;
    const double cut = squares - 2 * end * sum + end * end * above;
    const double error = cut + within * step * step / 12;
    if (within + above > 0 && error < best) {
      best = error;
      range = end;
    }
    const double middle = width_ * (static_cast<double>(bin) - 0.5), count = counts_[bin - 1];
    above += count;
    within -= count;
    sum += count * middle;
    squares += count * middle * middle;
  }
  return static_cast<float>(range);
}

}  // namespace throng
