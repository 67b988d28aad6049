#include "confidence/familiarity.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::size_t kFewestPictures = 20;
constexpr double kUsualShare = 0.98;
// Features are shares: what hardly varies among known pictures may vary so much.
constexpr double kLeastDeviation = 1e-3;

double distance(const Familiarity& familiarity, std::span<const double> features) {
  if (features.size() != familiarity.mean.size()) {
    throw Error(ErrorKind::model, text("the model's measure of familiarity has ",
                                       quantity(std::ssize(familiarity.mean), "feature"), " and its network ",
                                       features.size(), ": the file is damaged; throng model calibrate makes it anew"));
  }
  double sum = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const double score = (features[i] - familiarity.mean[i]) / familiarity.deviation[i];
    sum += score * score;
  }
  return sum / static_cast<double>(features.size());
}

}  // namespace

double unfamiliarity(const Familiarity& familiarity, std::span<const double> features) {
  return distance(familiarity, features) / familiarity.usual;
}

Familiarity measure_familiarity(std::span<const std::vector<double>> pictures) {
  if (pictures.size() < kFewestPictures) {
    throw Error(ErrorKind::usage, text("what pictures usually look like needs at least ", kFewestPictures,
                                       " of them, and there are ", pictures.size()));
  }
  const auto count = static_cast<double>(pictures.size());
  Familiarity familiarity;
  for (std::size_t i = 0; i < pictures.front().size(); ++i) {
    double sum = 0, squares = 0;
    for (const std::vector<double>& features : pictures) sum += features.at(i);
    const double mean = sum / count;
    for (const std::vector<double>& features : pictures) squares += (features[i] - mean) * (features[i] - mean);
    familiarity.mean.push_back(mean);
    familiarity.deviation.push_back(std::max(kLeastDeviation, std::sqrt(squares / count)));
  }
  std::vector<double> distances;
  for (const std::vector<double>& features : pictures) distances.push_back(distance(familiarity, features));
  std::ranges::sort(distances);
  const auto rank = static_cast<std::size_t>(std::ceil(count * kUsualShare));
  familiarity.usual = std::max(distances[std::min(rank, distances.size()) - 1], 1e-6);
  return familiarity;
}

}  // namespace throng
