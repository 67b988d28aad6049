#include "train/loss_means.h"

#include <algorithm>

#include "core/text.h"

namespace throng {

Json loss_means(const Json& sums, std::int64_t batches) {
  Json means = Json::object();
  for (const auto& [name, sum] : sums.items())
    means[name] = sum.get<double>() / static_cast<double>(std::max<std::int64_t>(batches, 1));
  return means;
}

std::string describe_losses(const Json& means, double learning_rate) {
  double density = 0, relative = 0;
  for (const auto& [name, value] : means.items()) {
    if (name.starts_with("density.")) density += value.get<double>();
    if (name.starts_with("relative.")) relative += value.get<double>();
  }
  return text("loss ", fixed(means.value("total", 0.0), 2), " (density ", fixed(density, 2), ", relative ",
              fixed(relative, 2), ", attention ", fixed(means.value("attention", 0.0), 2), ", importance ",
              fixed(means.value("importance", 0.0), 3), "), lr ", scientific(learning_rate, 2));
}

}  // namespace throng
