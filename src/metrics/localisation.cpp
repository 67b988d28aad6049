#include "metrics/localisation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <tuple>
#include <utility>

namespace throng {

namespace {

/// A circle of this radius has the area of 100 x 100 pixels.
const double kDensityRadius = 100 / std::sqrt(std::numbers::pi);

/// Points in strips as high as the radius, each strip from left to right: those near a place are found at once.
class NearbyPoints {
 public:
  NearbyPoints(std::span<const Point> points, double radius) : radius_(radius) {
    places_.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) places_.push_back({strip_of(points[i].y), points[i], i});
    std::ranges::sort(places_, {}, [](const Place& place) { return std::tuple(place.strip, place.at.x, place.index); });
  }

  /// Calls visit(index, squared distance) for every point at most the radius away.
  template <class Visit>
  void visit(const Point& centre, const Visit& visit) const {
    const double strip = strip_of(centre.y);
    for (const double row : {strip - 1, strip, strip + 1}) {
      const auto first =
          std::ranges::lower_bound(places_, std::pair(row, centre.x - radius_), {},
                                   [](const Place& place) { return std::pair(place.strip, place.at.x); });
      for (auto place = first; place != places_.end() && place->strip == row && place->at.x <= centre.x + radius_;
           ++place) {
        const double dx = place->at.x - centre.x, dy = place->at.y - centre.y;
        if (dx * dx + dy * dy <= radius_ * radius_) visit(place->index, dx * dx + dy * dy);
      }
    }
  }

  std::int64_t count(const Point& centre) const {
    std::int64_t number = 0;
    visit(centre, [&](std::size_t, double) { ++number; });
    return number;
  }

 private:
  struct Place {
    double strip;
    Point at;
    std::size_t index;
  };

  double strip_of(double y) const { return std::floor(y / radius_); }

  double radius_;
  std::vector<Place> places_;
};

constexpr std::int64_t kFree = -1;

/// Maximum matching of found points (left) with heads (right) along the pairs that are near enough.
class Matching {
 public:
  Matching(std::span<const Point> found, std::span<const Point> annotated, double radius)
      : partner_(found.size(), kFree), partner_of_head_(annotated.size(), kFree), layer_(found.size()) {
    const NearbyPoints heads(annotated, radius);
    struct Candidate {
      std::size_t head;
      double distance;
    };
    std::vector<Candidate> candidates;
    first_.push_back(0);
    for (const Point& point : found) {
      candidates.clear();
      heads.visit(point, [&](std::size_t head, double distance) { candidates.push_back({head, distance}); });
      std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
        return std::pair(a.distance, a.head) < std::pair(b.distance, b.head);
      });
      for (const Candidate& candidate : candidates) heads_.push_back(candidate.head);
      first_.push_back(heads_.size());
    }
    next_.resize(found.size());
  }

  std::vector<std::int64_t> run() {
    while (lay_out()) {
      for (std::size_t i = 0; i < next_.size(); ++i) next_[i] = first_[i];
      for (std::size_t i = 0; i < partner_.size(); ++i) {
        if (partner_[i] == kFree) augment(i);
      }
    }
    return std::move(partner_);
  }

 private:
  static constexpr int kUnseen = std::numeric_limits<int>::max();

  /// Breadth first from the free points along alternating paths; whether one ends at a free head.
  bool lay_out() {
    std::vector<std::size_t> queue;
    for (std::size_t i = 0; i < partner_.size(); ++i) {
      layer_[i] = partner_[i] == kFree ? 0 : kUnseen;
      if (partner_[i] == kFree) queue.push_back(i);
    }
    bool reached = false;
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const std::size_t point = queue[at];
      for (std::size_t edge = first_[point]; edge < first_[point + 1]; ++edge) {
        const std::int64_t owner = partner_of_head_[heads_[edge]];
        if (owner == kFree) {
          reached = true;
        } else if (layer_[static_cast<std::size_t>(owner)] == kUnseen) {
          layer_[static_cast<std::size_t>(owner)] = layer_[point] + 1;
          queue.push_back(static_cast<std::size_t>(owner));
        }
      }
    }
    return reached;
  }

  /// Depth first through the layers, with a stack of its own: paths can be as long as the crowd is wide.
  void augment(std::size_t start) {
    path_.assign(1, start);
    while (!path_.empty()) {
      const std::size_t point = path_.back();
      if (next_[point] == first_[point + 1]) {
        layer_[point] = kUnseen;
        path_.pop_back();
        if (!path_.empty()) ++next_[path_.back()];
        continue;
      }
      const std::int64_t owner = partner_of_head_[heads_[next_[point]]];
      if (owner == kFree) return take(path_);
      if (layer_[static_cast<std::size_t>(owner)] == layer_[point] + 1) {
        path_.push_back(static_cast<std::size_t>(owner));
      } else {
        ++next_[point];
      }
    }
  }

  /// Each point of the path gets the head that it was looking at.
  void take(const std::vector<std::size_t>& path) {
    for (const std::size_t point : path) {
      const std::size_t head = heads_[next_[point]++];
      partner_[point] = static_cast<std::int64_t>(head);
      partner_of_head_[head] = static_cast<std::int64_t>(point);
    }
  }

  std::vector<std::size_t> first_;  ///< where the heads near each point begin in heads_
  std::vector<std::size_t> heads_;  ///< nearest first
  std::vector<std::int64_t> partner_;
  std::vector<std::int64_t> partner_of_head_;
  std::vector<int> layer_;
  std::vector<std::size_t> next_;  ///< the first of a point's heads that was not tried in vain
  std::vector<std::size_t> path_;
};

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t density_index(std::int64_t heads) {
  std::size_t index = 0;
  while (static_cast<double>(heads) >= kCrowdDensities[index].high) ++index;
  return index;
}

}  // namespace

double Localisation::precision() const { return ratio(matched, found); }
double Localisation::recall() const { return ratio(matched, annotated); }
double Localisation::f1() const { return ratio(2 * matched, found + annotated); }

Localisation& Localisation::operator+=(const Localisation& other) {
  matched += other.matched;
  found += other.found;
  annotated += other.annotated;
  return *this;
}

std::vector<std::int64_t> match_points(std::span<const Point> found, std::span<const Point> annotated, double radius) {
  return Matching(found, annotated, radius).run();
}

Localisation LocalisationMeter::add(std::span<const Point> found, std::span<const Point> annotated) {
  const std::vector<std::int64_t> heads = match_points(found, annotated, radius_);
  const NearbyPoints around(annotated, kDensityRadius);
  Localisation picture{.found = std::ssize(found), .annotated = std::ssize(annotated)};
  for (const Point& head : annotated) ++by_density_[density_index(around.count(head))].annotated;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool has_head = heads[i] != kFree;
    const Point& place = has_head ? annotated[static_cast<std::size_t>(heads[i])] : found[i];
    Localisation& density = by_density_[density_index(around.count(place))];
    ++density.found;
    density.matched += has_head;
    picture.matched += has_head;
  }
  for (std::size_t i = 0; i < kCountLevels.size(); ++i) {
    const auto truth = static_cast<double>(annotated.size());
    if (truth >= kCountLevels[i].low && truth <= kCountLevels[i].high) by_level_[i] += picture;
  }
  return picture;
}

Localisation LocalisationMeter::overall() const {
  Localisation sum;
  for (const Localisation& level : by_level_) sum += level;
  return sum;
}

}  // namespace throng
