#include "synth/crowd.h"

#include "core/text.h"
#include "synth/chance.h"
#include "synth/figure.h"
#include "synth/layout.h"
#include "synth/surroundings.h"
#include "throng/error.h"

namespace throng::synth {

namespace {

constexpr double kVisibleWhenPlaced = 0.5;   ///< stricter than the promise, for what the last drawing changes
constexpr double kClutterOfEmptyScenes = 5;  ///< times that among people
constexpr int kPlans = 200;
constexpr int kRepairs = 6;

/// Two samples a pixel each way, one where the picture is so large that memory counts more.
int samples_for(const SceneOptions& options) {
  return static_cast<std::int64_t>(options.width) * options.height > 6'000'000 ? 1 : 2;
}

struct Candidate {
  Person person;
  std::uint64_t id = 0;
  double depth = 0;
  double pixels = 0;  ///< width of the head
  bool annotated = true;
};

/// Tries to fill one plan.
class Filling {
 public:
  Filling(const SceneOptions& options, const Setting& setting, const Plan& plan)
      : options_(options),
        setting_(setting),
        plan_(plan),
        terrain_{setting.slope},
        camera_(plan.camera(options, setting)),
        people_(static_cast<std::size_t>(options.people)) {
    things_ = add_surroundings(surroundings_, setting, terrain_, reach_of(plan, camera_, terrain_), camera_,
                               options.seed, people_ == 0 ? kClutterOfEmptyScenes : plan.clutter);
  }

  /// People who could stand in the picture by this plan, near ones first.
  std::size_t gather() {
    for (const Spot& spot : find_spots(plan_, camera_, terrain_)) {
      if (near_thing(spot.foot)) continue;
      Candidate candidate;
      candidate.person = make_person(setting_, options_.seed, spot.id);
      candidate.person.foot = spot.foot;
      candidate.id = spot.id;
      const auto head = camera_.project(head_centre(candidate.person));
      candidate.depth = head.depth;
      candidate.pixels = head_pixels(camera_, std::max(0.5, head.depth));
      if (head.depth < 0.8) continue;
      const double inside = inset(head);
      candidate.annotated = inside >= 0.3 * candidate.pixels + 0.5;
      if (!candidate.annotated && inside > -1.2 * candidate.pixels) continue;
      candidates_.push_back(candidate);
    }
    return static_cast<std::size_t>(
        std::count_if(candidates_.begin(), candidates_.end(), [](const Candidate& c) { return c.annotated; }));
  }

  /// Leaves out people at random until about `wanted` annotated ones are left; gives how many that are.
  std::size_t thin(std::size_t annotated, std::size_t wanted) {
    if (annotated <= wanted) return annotated;
    const double keep = static_cast<double>(wanted) / static_cast<double>(annotated);
    std::erase_if(candidates_, [&](const Candidate& c) { return chance_of(c.id, 1) >= keep; });
    return wanted;
  }

  /// Stands people up from near to far; who cannot be seen over those in front goes home. Gives the number that stay.
  std::size_t stand_up() {
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      return a.depth != b.depth ? a.depth < b.depth : a.id < b.id;
    });
    DepthBuffer buffer = empty_buffer();
    draw(buffer, surroundings_.solids, 0);
    Model one;
    std::size_t staying = 0;
    std::erase_if(candidates_, [&](const Candidate& candidate) {
      one.solids.clear();
      one.paints.clear();
      add_figure(one, candidate.person, 0, candidate.pixels, Part::head_and_shoulders);
      if (candidate.annotated) {
        if (look_at_head(buffer, camera_, one.solids).share() < kVisibleWhenPlaced) return true;
        ++staying;
      }
      draw(buffer, one.solids, 0);
      return false;
    });
    return staying;
  }

  /// Draws exactly the wanted number, replacing people who turn out to be hidden. False when there are not enough.
  bool settle(std::size_t staying, std::vector<Crowd>& result) {
    std::vector<std::uint8_t> banned(candidates_.size(), 0);
    for (int repair = 0; repair < kRepairs; ++repair) {
      if (staying < people_) return false;
      const std::vector<std::size_t> chosen = choose(banned);
      Crowd crowd = build(chosen);
      bool all_visible = true;
      for (std::size_t i = 0, head = 0; i < chosen.size(); ++i) {
        if (!candidates_[chosen[i]].annotated) continue;
        if (crowd.visible_share[head] < kLeastVisible || !inside(crowd.heads[head])) {
          banned[chosen[i]] = 1;
          all_visible = false;
          --staying;
        }
        ++head;
      }
      if (all_visible) {
        result.push_back(std::move(crowd));
        return true;
      }
    }
    return false;
  }

 private:
  double chance_of(std::uint64_t id, std::uint64_t which) const {
    return Draw(options_.seed, "synth choice", which, id).uniform(0);
  }

  double inset(const Camera::Projection& at) const {
    return std::min(std::min(at.x, options_.width - at.x), std::min(at.y, options_.height - at.y));
  }
  bool inside(const Point& p) const { return p.x >= 0 && p.y >= 0 && p.x < options_.width && p.y < options_.height; }

  bool near_thing(const Vec3& foot) const {
    return std::any_of(things_.begin(), things_.end(), [&](const Occluder& o) {
      const double dx = o.x - foot.x;
      const double dy = o.y - foot.y;
      const double room = o.radius + 0.3;
      return dx * dx + dy * dy < room * room;
    });
  }

  DepthBuffer empty_buffer() const { return {options_.width, options_.height, samples_for(options_)}; }

  void draw(DepthBuffer& buffer, const std::vector<Solid>& solids, std::size_t first) const {
    for (std::size_t i = first; i < solids.size(); ++i)
      draw_solid(buffer, camera_, solids[i], static_cast<std::uint32_t>(i));
  }

  /// The wanted number of annotated people by their own draws, and a like share of those just outside the picture.
  std::vector<std::size_t> choose(const std::vector<std::uint8_t>& banned) const {
    std::vector<std::size_t> annotated;
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].annotated && !banned[i]) annotated.push_back(i);
    }
    std::sort(annotated.begin(), annotated.end(), [&](std::size_t a, std::size_t b) {
      const double da = chance_of(candidates_[a].id, 2);
      const double db = chance_of(candidates_[b].id, 2);
      return da != db ? da < db : a < b;
    });
    const double share = annotated.empty() ? 0 : static_cast<double>(people_) / static_cast<double>(annotated.size());
    annotated.resize(people_);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (!candidates_[i].annotated && chance_of(candidates_[i].id, 2) < share) chosen.push_back(i);
    }
    chosen.insert(chosen.end(), annotated.begin(), annotated.end());
    std::sort(chosen.begin(), chosen.end());  // near to far again
    return chosen;
  }

  Crowd build(const std::vector<std::size_t>& chosen) const {
    Crowd crowd{camera_, terrain_, surroundings_, things_, empty_buffer(), {}, {}};
    draw(crowd.buffer, crowd.model.solids, 0);
    std::vector<std::int64_t> outline;  // samples of each annotated head's whole outline
    std::vector<std::int32_t> number;   // of the annotated head of each owner
    for (const std::size_t i : chosen) {
      const Candidate& candidate = candidates_[i];
      const auto owner = static_cast<std::int32_t>(number.size());
      const std::size_t first = crowd.model.solids.size();
      add_figure(crowd.model, candidate.person, owner, candidate.pixels);
      draw(crowd.buffer, crowd.model.solids, first);
      const Vec3& foot = candidate.person.foot;
      crowd.occluders.push_back({foot.x, foot.y, foot.z, candidate.person.height, 0.24, owner});
      number.push_back(candidate.annotated ? static_cast<std::int32_t>(outline.size()) : -1);
      if (!candidate.annotated) continue;
      const std::span<const Solid> figure = std::span(crowd.model.solids).subspan(first);
      outline.push_back(look_at_head(crowd.buffer, camera_, figure).total);
    }
    measure(crowd, number, outline);
    return crowd;
  }

  /// Where and how much of each annotated head is left in the finished buffer.
  void measure(Crowd& crowd, const std::vector<std::int32_t>& number, const std::vector<std::int64_t>& outline) const {
    struct Sum {
      double x = 0;
      double y = 0;
      std::int64_t count = 0;
    };
    std::vector<Sum> sums(outline.size());
    const DepthBuffer& buffer = crowd.buffer;
    for (int j = 0; j < buffer.height(); ++j) {
      for (int i = 0; i < buffer.width(); ++i) {
        const std::uint32_t index = buffer.solid(buffer.at(i, j));
        if (index == kNoSolid || !crowd.model.solids[index].head) continue;
        const std::int32_t head = number[static_cast<std::size_t>(crowd.model.solids[index].owner)];
        if (head < 0) continue;
        Sum& sum = sums[static_cast<std::size_t>(head)];
        sum.x += (i + 0.5) / buffer.samples();
        sum.y += (j + 0.5) / buffer.samples();
        ++sum.count;
      }
    }
    for (std::size_t head = 0; head < sums.size(); ++head) {
      const double count = static_cast<double>(std::max<std::int64_t>(1, sums[head].count));
      crowd.heads.push_back({sums[head].x / count, sums[head].y / count});
      crowd.visible_share.push_back(
          outline[head] > 0 ? static_cast<double>(sums[head].count) / static_cast<double>(outline[head]) : 0);
    }
  }

  const SceneOptions& options_;
  const Setting& setting_;
  const Plan& plan_;
  Terrain terrain_;
  Camera camera_;
  std::size_t people_;
  Model surroundings_;
  std::vector<Occluder> things_;
  std::vector<Candidate> candidates_;
};

}  // namespace

Crowd place_crowd(const SceneOptions& options, const Setting& setting) {
  const auto people = static_cast<std::size_t>(options.people);
  Plan plan = choose_plan(options, setting);
  double surplus = 1.15;  // people to begin with for each one wanted; hidden ones are lost
  for (int attempt = 0; attempt < kPlans; ++attempt) {
    Filling filling(options, setting, plan);
    const std::size_t annotated = people == 0 ? 0 : filling.gather();
    if (static_cast<double>(annotated) >= surplus * static_cast<double>(people)) {
      const std::size_t begun =
          filling.thin(annotated, static_cast<std::size_t>(static_cast<double>(people) * surplus * 1.2) + 12);
      const std::size_t staying = people == 0 ? 0 : filling.stand_up();
      std::vector<Crowd> result;
      if (filling.settle(staying, result)) return std::move(result.front());
      const double lost = static_cast<double>(begun) / static_cast<double>(std::max<std::size_t>(1, staying));
      surplus = std::min(5.0, std::max(surplus * 1.05, 1.03 * lost));
    }
    grow(plan, options, setting);
  }
  throw Error(ErrorKind::failure, text("found no way to place ", options.people, " visible people in a picture of ",
                                       options.width, "x", options.height, "; ask for fewer, or for a larger picture"));
}

}  // namespace throng::synth
