#include "confidence/familiarity.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

using Pictures = std::vector<std::vector<double>>;  // [pictures][features]

constexpr std::size_t kFewestPictures = 20;
constexpr std::size_t kMostPictures = 2000;
constexpr double kUsualShare = 0.95;
// What hardly varies among known pictures may vary so much: features are shares and logarithms.
constexpr double kLeastDeviation = 1e-3;
constexpr double kLeastDistance = 1e-3;

std::size_t rank(double of, double share, std::size_t count) {
  return std::clamp(static_cast<std::size_t>(std::ceil(of * share - 1e-9)), std::size_t{1}, count) - 1;
}

// Of the pictures but one; `without` may be none of them.
std::vector<double> deviations(const Pictures& pictures, std::size_t without) {
  const std::size_t features = pictures.front().size();
  const auto count = static_cast<double>(pictures.size() - (without < pictures.size() ? 1 : 0));
  std::vector<double> mean(features), deviation(features);
  const auto for_each_value = [&](const auto& use) {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      for (std::size_t f = 0; i != without && f < features; ++f) use(f, pictures[i][f]);
    }
  };
  for_each_value([&](std::size_t f, double value) { mean[f] += value / count; });
  for_each_value([&](std::size_t f, double value) { deviation[f] += (value - mean[f]) * (value - mean[f]) / count; });
  for (double& value : deviation) value = std::max(kLeastDeviation, std::sqrt(value));
  return deviation;
}

// To the nearest, or to all, of the pictures but one.
double distance(const KnownFeatures& known, std::span<const double> deviation, std::span<const double> features,
                std::size_t without) {
  const Pictures& pictures = known.pictures;
  double nearest = std::numeric_limits<double>::infinity(), all = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (i == without) continue;
    double sum = 0;
    for (std::size_t f = 0; f < features.size(); ++f) {
      const double score = (features[f] - pictures[i][f]) / deviation[f];
      sum += score * score;
    }
    nearest = std::min(nearest, sum);
    all += sum;
  }
  const auto others = static_cast<double>(pictures.size() - (without < pictures.size() ? 1 : 0));
  return std::sqrt((known.several_kinds ? nearest : all / others) / static_cast<double>(features.size()));
}

// Five decimals are more than features are reproducible to, and keep the model's description short.
double rounded(double value) { return std::round(1e5 * value) / 1e5; }

KnownFeatures known_features(std::span<const PictureFeatures> pictures, std::size_t group) {
  const FeatureGroup& first = pictures.front()[group];
  KnownFeatures known{.name = first.name, .pictures = {}, .deviation = {}, .several_kinds = first.several_kinds};
  const std::size_t kept = std::min(pictures.size(), kMostPictures);
  for (std::size_t i = 0; i < kept; ++i) {
    std::vector<double>& values = known.pictures.emplace_back(pictures[i * pictures.size() / kept].at(group).values);
    std::ranges::transform(values, values.begin(), rounded);
  }
  known.deviation = deviations(known.pictures, known.pictures.size());
  return known;
}

// Of each picture to the others.
std::vector<double> distances_to_others(const KnownFeatures& known) {
  std::vector<double> distances;
  for (std::size_t i = 0; i < known.pictures.size(); ++i) {
    distances.push_back(distance(known, deviations(known.pictures, i), known.pictures[i], i));
  }
  return distances;
}

double quantile(std::vector<double> values, std::size_t place) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place));
  return values[place];
}

bool fits(const KnownFeatures& known, const FeatureGroup& group) {
  return known.name == group.name && known.deviation.size() == group.values.size();
}

}  // namespace

Unfamiliarity unfamiliarity(const Familiarity& familiarity, const PictureFeatures& features) {
  if (!std::ranges::equal(familiarity.groups, features, fits)) {
    throw Error(ErrorKind::model,
                "the model's measure of familiarity is of other features than its network has: the "
                "file is damaged; throng model calibrate makes it anew");
  }
  Unfamiliarity most;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const KnownFeatures& known = familiarity.groups[i];
    const double here = distance(known, known.deviation, features[i].values, known.pictures.size());
    if (i == 0 || here / known.usual > most.distance) most = {here / known.usual, known.name};
  }
  return most;
}

Familiarity measure_familiarity(std::span<const PictureFeatures> pictures) {
  if (pictures.size() < kFewestPictures) {
    throw Error(ErrorKind::usage, text("what pictures usually look like needs at least ", kFewestPictures,
                                       " of them, and there are ", pictures.size()));
  }
  Familiarity familiarity;
  std::vector<double> largest;  // over the groups, of each picture
  for (std::size_t group = 0; group < pictures.front().size(); ++group) {
    KnownFeatures& known = familiarity.groups.emplace_back(known_features(pictures, group));
    const std::vector<double> distances = distances_to_others(known);
    const auto count = static_cast<double>(distances.size());
    known.usual = std::max(kLeastDistance, quantile(distances, rank(count, kUsualShare, distances.size())));
    largest.resize(distances.size());
    std::ranges::transform(distances, largest, largest.begin(),
                           [&](double here, double most) { return std::max(here / known.usual, most); });
  }
  const std::size_t place = rank(static_cast<double>(largest.size() + 1), kUsualShare, largest.size());
  const double limit = std::max(kLeastDistance, quantile(largest, place));
  for (KnownFeatures& known : familiarity.groups) known.usual *= limit;
  return familiarity;
}

}  // namespace throng
