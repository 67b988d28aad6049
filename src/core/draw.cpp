#include "core/draw.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace throng {

double Draw::normal(std::uint64_t index) const {
  // 1 - u lies in (0, 1], where the logarithm is finite.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(2 * index)));
  return radius * std::cos(2.0 * std::numbers::pi * uniform(2 * index + 1));
}

std::vector<std::int64_t> Draw::permutation(std::int64_t count) const {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::int64_t last = count - 1; last > 0; --last) {
    std::swap(order[last], order[integer(static_cast<std::uint64_t>(last), last + 1)]);
  }
  return order;
}

}  // namespace throng
