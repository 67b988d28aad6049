#include "report/axis.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace throng {
namespace {

constexpr double kTolerance = 1e-9;  ///< of a step, against the rounding of the divisions

/// A positive number as factor x 10^exponent, 1 <= factor < 10.
struct Decimal {
  double factor;
  int exponent;
};

double power_of_ten(int exponent) {
  double value = 1;
  // Products of ten are exact up to 10^22, so that ticks are the numbers that their labels say.
  for (int i = 0; i < std::abs(exponent); ++i) value *= 10;
  return exponent < 0 ? 1 / value : value;
}

Decimal decimal(double value) {
  int exponent = static_cast<int>(std::floor(std::log10(value)));
  double factor = value / power_of_ten(exponent);
  if (factor >= 10 * (1 - kTolerance)) {
    factor /= 10;
    ++exponent;
  }
  return {std::max(factor, 1.0), exponent};
}

/// factor x 10^exponent, rounded once.
double scaled(double factor, int exponent) {
  return exponent < 0 ? factor / power_of_ten(-exponent) : factor * power_of_ten(exponent);
}

double next_step(Decimal& step) {
  step.factor = step.factor < 2 ? 2 : step.factor < 5 ? 5 : 10;
  if (step.factor == 10) step = {1, step.exponent + 1};
  return scaled(step.factor, step.exponent);
}

std::vector<double> multiples(Decimal step, double low, double high) {
  const double size = scaled(step.factor, step.exponent);
  std::vector<double> ticks;
  const double last = std::floor(high / size + kTolerance);
  for (double i = std::ceil(low / size - kTolerance); i <= last; ++i) {
    ticks.push_back(i == 0 ? 0.0 : scaled(i * step.factor, step.exponent));
  }
  return ticks;
}

std::vector<double> powers(double low, double high, const std::vector<double>& factors) {
  std::vector<double> ticks;
  for (int exponent = decimal(low).exponent; scaled(1, exponent) <= high; ++exponent) {
    for (const double factor : factors) {
      const double tick = scaled(factor, exponent);
      if (tick >= low * (1 - kTolerance) && tick <= high * (1 + kTolerance)) ticks.push_back(tick);
    }
  }
  return ticks;
}

/// How many decimals a number needs, up to `most`.
int needed_decimals(double value, int most) {
  for (int decimals = 0; decimals < most; ++decimals) {
    const double scale = power_of_ten(decimals);
    if (std::abs(std::round(value * scale) / scale - value) <= 1e-6 * std::abs(value)) return decimals;
  }
  return most;
}

std::string grouped(std::string digits) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  const std::size_t whole = std::min(digits.find('.'), digits.size()) - sign;
  if (whole < 5) return digits;
  for (std::size_t left = whole - 3; left > 0 && left<whole; left = left> 3 ? left - 3 : 0) {
    digits.insert(sign + left, "\u2009");
  }
  return digits;
}

std::string power_label(double value) {
  if (value == 0) return "0";
  const Decimal size = decimal(std::abs(value));
  return text(value < 0 ? "-" : "", fixed(size.factor, needed_decimals(size.factor, 3)), "e", size.exponent);
}

}  // namespace

std::vector<double> linear_ticks(double low, double high, int most) {
  Decimal step = decimal((high - low) / std::max(most, 1));
  // The finest step that could do is below the range's share; it is 1, 2 or 5 times a power of ten.
  step.factor = step.factor < 2 ? 1 : step.factor < 5 ? 2 : 5;
  std::vector<double> ticks = multiples(step, low, high);
  while (static_cast<int>(ticks.size()) > most) {
    next_step(step);
    ticks = multiples(step, low, high);
  }
  return ticks;
}

std::vector<double> logarithmic_ticks(double low, double high, int most) {
  for (const std::vector<double>& factors : {std::vector<double>{1, 2, 5}, std::vector<double>{1}}) {
    std::vector<double> ticks = powers(low, high, factors);
    if (factors.size() > 1 && static_cast<int>(ticks.size()) > most) continue;
    if (ticks.size() < 2) return linear_ticks(low, high, most);
    const std::size_t stride = (ticks.size() + static_cast<std::size_t>(most) - 1) / static_cast<std::size_t>(most);
    std::vector<double> kept;
    for (std::size_t i = 0; i < ticks.size(); i += stride) kept.push_back(ticks[i]);
    return kept;
  }
  return {};
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks) {
  double largest = 0;
  double smallest = INFINITY;
  int decimals = 0;
  for (const double tick : ticks) {
    if (tick == 0) continue;
    largest = std::max(largest, std::abs(tick));
    smallest = std::min(smallest, std::abs(tick));
    decimals = std::max(decimals, needed_decimals(tick, 12));
  }
  // Decades apart, each has the decimals that it needs; close together, all have the same.
  const bool decades = smallest < largest / 1000;
  const bool powers = largest >= 1e7 || (largest > 0 && smallest < 1e-4);
  std::vector<std::string> labels;
  for (const double tick : ticks) {
    labels.push_back(powers ? power_label(tick)
                            : grouped(fixed(tick, decades || tick == 0 ? needed_decimals(tick, 12) : decimals)));
  }
  return labels;
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value == 0) return "0";
  const Decimal size = decimal(std::abs(value));
  if (size.exponent >= 7 || size.exponent < -4) return power_label(value);
  const int most = std::max(0, 3 - size.exponent);
  const double scale = power_of_ten(most);
  const double rounded = std::round(value * scale) / scale;
  return fixed(rounded, needed_decimals(rounded, most));
}

Axis::Axis(Kind kind, const std::vector<double>& values, double start, double end, int most_ticks, bool from_zero,
           bool to_ticks)
    : kind_(kind), start_(start), end_(end) {
  const bool linear = kind == Kind::linear;
  bool any = false;
  for (const double value : values) {
    if (!shows(value)) continue;
    low_ = any ? std::min(low_, value) : value;
    high_ = any ? std::max(high_, value) : value;
    any = true;
  }
  if (!any) {
    low_ = linear ? 0 : 1;
    high_ = linear ? 1 : 10;
  }
  if (linear && from_zero) {
    low_ = std::min(low_, 0.0);
    high_ = std::max(high_, 0.0);
  }
  if (high_ - low_ <= 1e-9 * std::max(std::abs(low_), std::abs(high_))) {
    // One value: room around it.
    const double room = !linear ? low_ / 2 : low_ == 0 ? 1 : std::abs(low_) / 10;
    low_ -= room;
    high_ += linear ? room : 2 * room;
  }
  ticks_ = linear ? linear_ticks(low_, high_, most_ticks) : logarithmic_ticks(low_, high_, most_ticks);
  if (!to_ticks || ticks_.size() < 2) return;
  if (linear) {
    const double step = ticks_[1] - ticks_[0];
    low_ = std::floor(low_ / step + kTolerance) * step;
    high_ = std::ceil(high_ / step - kTolerance) * step;
    ticks_ = linear_ticks(low_, high_, most_ticks + 2);
  } else {
    // A little room: the powers of ten around the values may be far.
    low_ /= 1.08;
    high_ *= 1.08;
  }
}

bool Axis::shows(double value) const { return std::isfinite(value) && (kind_ == Kind::linear || value > 0); }

double Axis::at(double value) const {
  const double share = kind_ == Kind::linear ? (value - low_) / (high_ - low_)
                                             : (std::log(value) - std::log(low_)) / (std::log(high_) - std::log(low_));
  return start_ + share * (end_ - start_);
}

std::vector<double> moving_average(const std::vector<double>& values, int window) {
  const auto count = static_cast<std::ptrdiff_t>(values.size());
  const std::ptrdiff_t reach = std::max(window, 1) / 2;
  std::vector<double> means = values;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[static_cast<std::size_t>(i)])) continue;
    const std::ptrdiff_t here = std::min({reach, i, count - 1 - i});
    double sum = 0;
    int finite = 0;
    for (std::ptrdiff_t k = i - here; k <= i + here; ++k) {
      const double value = values[static_cast<std::size_t>(k)];
      if (!std::isfinite(value)) continue;
      sum += value;
      ++finite;
    }
    means[static_cast<std::size_t>(i)] = sum / finite;
  }
  return means;
}

}  // namespace throng
