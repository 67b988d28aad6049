#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/text.h"
#include "data/manifest.h"
#include "data/near_identical.h"
#include "data/picture_check.h"

namespace throng {
namespace {

using Severity = ManifestProblem::Severity;

class ManifestCheck {
 public:
  ManifestCheck(const Manifest& manifest, const Reporter& reporter, const std::stop_token& stop)
      : manifest_(manifest), stop_(stop), seen_(look_at_pictures(manifest, reporter, stop)) {}

  std::vector<ManifestProblem> run() {
    if (manifest_.entries.empty()) add(Severity::error, "the manifest has no images");
    check_pictures();
    check_listed_twice();
    count_per_split("head annotations lie outside their image", points_outside);
    count_per_split("head annotations repeat one of the same image", repeated_points);
    count_per_split("images without head annotations", no_points);
    count_per_split("images whose heads are not marked (annotated: false)", not_annotated);
    check_near_identical();
    return std::move(problems_);
  }

 private:
  void add(Severity severity, std::string sentence) { problems_.push_back({severity, std::move(sentence)}); }

  static std::string name(const ManifestEntry& entry) { return text(entry.image.string(), " (", entry.split, ")"); }

  void check_pictures() {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      const ManifestEntry& entry = manifest_.entries[i];
      const SeenPicture& seen = seen_[i];
      if (!seen.problem.empty()) {
        add(Severity::error, seen.problem);
      } else if (std::string problem = size_problem(entry, seen.width, seen.height); !problem.empty()) {
        add(Severity::error, std::move(problem));
      }
    }
  }

  void check_listed_twice() {
    std::map<std::string, const ManifestEntry*> listed;
    for (const ManifestEntry& entry : manifest_.entries) {
      const auto [other, fresh] = listed.emplace(entry.image.lexically_normal().string(), &entry);
      if (!fresh) add(Severity::error, text(name(entry), " is listed twice, before in split ", other->second->split));
    }
  }

  static std::int64_t points_outside(const ManifestEntry& entry) {
    std::int64_t count = 0;
    for (const Point& point : entry.points) {
      count += !(point.x >= 0 && point.x < entry.width && point.y >= 0 && point.y < entry.height);
    }
    return count;
  }

  static std::int64_t repeated_points(const ManifestEntry& entry) {
    std::set<std::pair<double, double>> different;
    for (const Point& point : entry.points) different.emplace(point.x, point.y);
    return static_cast<std::int64_t>(entry.points.size() - different.size());
  }

  static std::int64_t no_points(const ManifestEntry& entry) { return entry.annotated && entry.points.empty() ? 1 : 0; }
  static std::int64_t not_annotated(const ManifestEntry& entry) { return entry.annotated ? 0 : 1; }

  /// One note a split: how many there are of something, in how many images, and one of these.
  void count_per_split(std::string_view what, std::int64_t (*count)(const ManifestEntry&)) {
    struct Tally {
      std::int64_t total = 0;
      std::int64_t images = 0;
      const ManifestEntry* first = nullptr;
    };
    std::map<std::string, Tally> splits;
    for (const ManifestEntry& entry : manifest_.entries) {
      const std::int64_t found = count(entry);
      if (found == 0) continue;
      Tally& tally = splits[entry.split];
      tally.total += found;
      ++tally.images;
      if (!tally.first) tally.first = &entry;
    }
    for (const auto& [split, tally] : splits) {
      const bool of_images = count == no_points || count == not_annotated;
      const std::string where = of_images ? std::string() : text(" (in ", quantity(tally.images, "image"), ")");
      add(Severity::note, text(split, ": ", tally.total, " ", what, where, ", first ", tally.first->image.string()));
    }
  }

  void check_near_identical() {
    for (const auto& [i, j] : near_identical_pairs(seen_, stop_)) {
      const ManifestEntry& one = manifest_.entries[i];
      const ManifestEntry& other = manifest_.entries[j];
      if (one.image == other.image) continue;
      const std::string pair = text(name(one), " and ", name(other), " are nearly identical");
      if (one.split != other.split) {
        add(Severity::note,
            text(pair, " but in different splits: figures measured on one flatter a model trained on the other"));
      } else if (one.group.empty() || one.group != other.group) {
        add(Severity::note,
            text(pair, " without a common group: `data split` may separate them; `data import` sets groups"));
      }
    }
  }

  const Manifest& manifest_;
  const std::stop_token& stop_;
  std::vector<SeenPicture> seen_;
  std::vector<ManifestProblem> problems_;
};

}  // namespace

std::vector<ManifestProblem> check_manifest(const Manifest& manifest, const Reporter& reporter,
                                            const std::stop_token& stop) {
  return ManifestCheck(manifest, reporter, stop).run();
}

}  // namespace throng
