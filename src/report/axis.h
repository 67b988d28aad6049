#pragma once

#include <string>
#include <vector>

namespace throng {

/// The values from `low` to `high` (both included, `low` < `high`) that are whole multiples of 1, 2 or 5 times a power
/// of ten: the finest such step that gives at most `most` of them.
std::vector<double> linear_ticks(double low, double high, int most);

/// Powers of ten from `low` to `high` (both above 0, `low` < `high`), thinned to at most `most`; with their 2- and
/// 5-fold where that fits, and linear_ticks where the range holds fewer than two of all those.
std::vector<double> logarithmic_ticks(double low, double high, int most);

/// Labels of ticks that tell neighbours apart and agree in their form: "0", "0.5", "1 200" (thin spaces from 10 000
/// on), "2e-5". Whole values of a linear axis have no decimals.
std::vector<std::string> tick_labels(const std::vector<double>& ticks);

/// A number as it is read beside a chart: four significant digits, no needless zeros: "0.0003", "1.235e-7", "12346".
std::string short_number(double value);

/// Where values lie on an axis of a chart.
class Axis {
 public:
  enum class Kind { linear, logarithmic };

  /// An axis that shows the finite among `values` (the positive ones, where it is logarithmic), from position `start`
  /// to `end` (pixels; end < start for an axis that goes up). `from_zero` has a linear axis begin or end at 0;
  /// `to_ticks` extends it to the ticks around the values. Without any values it goes from 0 to 1, or from 1 to 10.
  Axis(Kind kind, const std::vector<double>& values, double start, double end, int most_ticks, bool from_zero = false,
       bool to_ticks = true);

  double low() const { return low_; }
  double high() const { return high_; }
  const std::vector<double>& ticks() const { return ticks_; }
  /// Whether a value has a place on the axis: finite, and above 0 where it is logarithmic.
  bool shows(double value) const;
  /// The position of a value that it shows.
  double at(double value) const;

 private:
  Kind kind_;
  double low_ = 0;
  double high_ = 1;
  double start_;
  double end_;
  std::vector<double> ticks_;
};

/// The mean over the `window` values around each (window odd; fewer, and as many on both sides, near the ends).
/// Values that are not finite are left out of the means and stay as they are.
std::vector<double> moving_average(const std::vector<double>& values, int window);

}  // namespace throng
