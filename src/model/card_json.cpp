#include "model/card_json.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace throng {

namespace {

ActivationRanges ranges_from_json(const Json& json) {
  ActivationRanges ranges;
  for (const auto& [name, range] : json.get<std::map<std::string, double>>()) {
    // What float does not hold is infinite, and refused as such.
    ranges[name] = std::abs(range) <= std::numeric_limits<float>::max() ? static_cast<float>(range)
                                                                        : std::numeric_limits<float>::infinity();
  }
  return ranges;
}

// -1 for what is no possible number of pictures.
std::int64_t images_from_json(const Json& json) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  if (!json.is_number_integer()) return -1;
  const auto images = json.get<std::int64_t>();
  return images >= 1 && images <= kMost ? images : -1;
}

bool all_between(const std::vector<double>& values, double low, double high) {
  return std::ranges::all_of(values, [&](double value) { return value >= low && value <= high; });
}

// Far beyond what is measured, and far from what arithmetic cannot hold.
constexpr double kLarge = 1e9;

}  // namespace

Json to_json(const Calibration& calibration) {
  return {{"images", calibration.images}, {"ranges", calibration.ranges}};
}

Calibration calibration_from_json(const Json& json) {
  return {.images = images_from_json(json.at("images")), .ranges = ranges_from_json(json.at("ranges"))};
}

// A 255th of it must be a number that can be divided by.
bool usable(const Calibration& calibration) {
  constexpr float kLeast = 1e-30F, kMost = 1e30F;
  return calibration.images >= 1 && std::ranges::all_of(calibration.ranges, [](const auto& named) {
           return named.second == 0 || (named.second >= kLeast && named.second <= kMost);
         });
}

Json to_json(const IntervalCalibration& intervals) {
  return {{"floor", intervals.floor},
          {"per_disagreement", intervals.per_disagreement},
          {"correlation", intervals.correlation},
          {"scores", intervals.scores},
          {"kinds", intervals.kinds}};
}

IntervalCalibration intervals_from_json(const Json& json) {
  return {.floor = json.at("floor").get<double>(),
          .per_disagreement = json.at("per_disagreement").get<double>(),
          .correlation = json.at("correlation").get<double>(),
          .scores = json.at("scores").get<std::vector<double>>(),
          // Earlier programs measured none.
          .kinds = json.value("kinds", std::vector<std::vector<double>>{})};
}

bool usable(const IntervalCalibration& intervals) {
  const auto usable_scores = [](const std::vector<double>& scores) {
    constexpr double kLargestRatio = 50;  // its exponential is a number
    return !scores.empty() && all_between(scores, 0, kLargestRatio) && std::ranges::is_sorted(scores);
  };
  return intervals.floor > 0 && intervals.floor <= kLarge && intervals.per_disagreement >= 0 &&
         intervals.per_disagreement <= kLarge && intervals.correlation >= 0 && intervals.correlation <= 1 &&
         usable_scores(intervals.scores) && std::ranges::all_of(intervals.kinds, usable_scores);
}

Json to_json(const Familiarity& familiarity) {
  Json groups = Json::array();
  for (const KnownFeatures& known : familiarity.groups) {
    groups.push_back({{"name", known.name},
                      {"pictures", known.pictures},
                      {"deviation", known.deviation},
                      {"usual", known.usual},
                      {"several_kinds", known.several_kinds}});
  }
  return {{"groups", groups}};
}

Familiarity familiarity_from_json(const Json& json) {
  Familiarity familiarity;
  for (const Json& group : json.at("groups")) {
    familiarity.groups.push_back({.name = group.at("name").get<std::string>(),
                                  .pictures = group.at("pictures").get<std::vector<std::vector<double>>>(),
                                  .deviation = group.at("deviation").get<std::vector<double>>(),
                                  .usual = group.at("usual").get<double>(),
                                  .several_kinds = group.at("several_kinds").get<bool>()});
  }
  return familiarity;
}

bool usable(const Familiarity& familiarity) {
  constexpr double kLeast = 1e-9;
  const auto usable_group = [](const KnownFeatures& known) {
    const auto usable_picture = [&](const std::vector<double>& features) {
      return features.size() == known.deviation.size() && all_between(features, -kLarge, kLarge);
    };
    return !known.deviation.empty() && all_between(known.deviation, kLeast, kLarge) && known.usual >= kLeast &&
           known.usual <= kLarge && !known.pictures.empty() && std::ranges::all_of(known.pictures, usable_picture);
  };
  return !familiarity.groups.empty() && std::ranges::all_of(familiarity.groups, usable_group);
}

}  // namespace throng
