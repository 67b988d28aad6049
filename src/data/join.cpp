#include "data/join.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "core/text.h"
#include "data/near_identical.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

constexpr char kSetLabel[] = "set";
/// Its pictures always stay: figures measured on a published test set are comparable only on all of it.
constexpr char kTest[] = "test";

/// One name for one file, whatever links and dots lead to it.
std::string identity(const fs::path& path) {
  std::error_code failed;
  const fs::path canonical = fs::weakly_canonical(path, failed);
  return (failed ? fs::absolute(path).lexically_normal() : canonical).string();
}

std::string told(const ManifestEntry& entry) { return text(entry.image.string(), " (", entry.split, ")"); }

/// "a", "b", and "b-2" for the second b.
std::vector<std::string> set_names(std::span<const Manifest> manifests) {
  std::vector<std::string> names;
  for (const Manifest& manifest : manifests) {
    const std::string wanted = manifest.name.empty() ? "set" : manifest.name;
    std::string name = wanted;
    for (int i = 2; std::ranges::find(names, name) != names.end(); ++i) name = text(wanted, "-", i);
    names.push_back(name);
  }
  return names;
}

class Join {
 public:
  Join(const JoinOptions& options, const Reporter& reporter) : options_(options), reporter_(reporter) {
    for (const fs::path& path : options.without) without_.emplace(identity(path), false);
  }

  Manifest run(std::span<const Manifest> manifests) {
    const std::vector<std::string> names = set_names(manifests);
    for (std::size_t i = 0; i < manifests.size(); ++i) {
      add_fields(manifests[i]);
      add_set(manifests[i], names[i]);
    }
    if (again_ > 0) reporter_.note(text(quantity(again_, "picture"), " listed before with the same annotations"));
    joined_.name = options_.name.empty() ? join(names, "+") : options_.name;
    check_options();
    return std::move(joined_);
  }

 private:
  /// What others have written into the first lines is kept as far as the sets agree. Of our own marks that say that
  /// pictures or points were made by a program, none: they do not hold for the other sets.
  void add_fields(const Manifest& manifest) {
    for (const auto& field : manifest.other_fields) {
      if (field.first == "altered" || field.first == "predicted") continue;
      const auto same = [&](const auto& other) { return other.first == field.first; };
      const auto found = std::ranges::find_if(joined_.other_fields, same);
      if (found == joined_.other_fields.end()) {
        joined_.other_fields.push_back(field);
      } else if (found->second != field.second) {
        reporter_.warning(text("the sets disagree in the field \"", field.first, "\" of their first lines: it is ",
                               found->second, " as in the first of them"));
      }
    }
  }

  void add_set(const Manifest& manifest, const std::string& name) {
    std::map<std::string, std::string> groups;
    for (const ManifestEntry& original : manifest.entries) {
      splits_.insert(original.split);
      if (const auto left_out = without_.find(identity(original.image)); left_out != without_.end()) {
        if (!left_out->second) reporter_.note(text("left out, as asked for: ", told(original)));
        left_out->second = true;
        continue;
      }
      ManifestEntry entry = original;
      if (const auto renamed = options_.renamed_splits.find(entry.split); renamed != options_.renamed_splits.end()) {
        entry.split = renamed->second;
      }
      entry.labels.try_emplace(kSetLabel, name);
      if (listed_before(entry)) continue;
      if (!entry.group.empty()) {
        entry.group = groups.try_emplace(entry.group, free_group(entry.group, name)).first->second;
      }
      joined_.entries.push_back(std::move(entry));
    }
    for (const auto& [group, as] : groups) taken_groups_.insert(as);
  }

  std::string free_group(const std::string& group, const std::string& set) const {
    std::string name = group;
    for (int i = 1; taken_groups_.contains(name); ++i) name = text(set, "/", group, i == 1 ? "" : text("-", i));
    return name;
  }

  bool listed_before(const ManifestEntry& entry) {
    const auto [listed, fresh] = listed_.emplace(identity(entry.image), joined_.entries.size());
    if (fresh) return false;
    const ManifestEntry& before = joined_.entries[listed->second];
    const bool agree = before.split == entry.split && before.points == entry.points && before.width == entry.width &&
                       before.height == entry.height && before.annotated == entry.annotated &&
                       before.count == entry.count;
    if (!agree) {
      throw Error(
          ErrorKind::usage,
          text(told(entry), " is listed twice with different ", before.split != entry.split ? "splits" : "annotations",
               ", first as ", told(before), "; take it out of one of the sets or leave it out with --without"));
    }
    ++again_;
    return true;
  }

  void check_options() const {
    const std::vector<std::string> there(splits_.begin(), splits_.end());
    for (const auto& [from, to] : options_.renamed_splits) {
      if (splits_.contains(from)) continue;
      throw Error(ErrorKind::usage, text("no set has a split '", from, "' that could be called '", to, "'; there are ",
                                         join(there, ", ")));
    }
    for (const fs::path& path : options_.without) {
      if (without_.at(identity(path))) continue;
      throw Error(ErrorKind::usage, text("no set has the picture ", path.string(), ", which is to be left out"));
    }
    for (const std::string& split : options_.without_twins) joined_.split(split);
  }

  const JoinOptions& options_;
  const Reporter& reporter_;
  Manifest joined_;
  std::map<std::string, bool> without_;  ///< and whether it was met
  std::set<std::string> splits_;
  std::set<std::string> taken_groups_;
  std::map<std::string, std::size_t> listed_;
  std::int64_t again_ = 0;
};

/// Leaves out the twins of the pictures of `split` that lie in splits which were not dealt with before.
void leave_out_twins(Manifest& manifest, std::vector<SeenPicture>& seen, const std::string& split,
                     const std::set<std::string>& dealt_with, const Reporter& reporter, const std::stop_token& stop) {
  std::vector<bool> left_out(manifest.entries.size(), false);
  const auto look = [&](std::size_t kept, std::size_t twin) {
    const ManifestEntry& entry = manifest.entries[twin];
    const bool stays = entry.split == split || entry.split == kTest || dealt_with.contains(entry.split);
    if (manifest.entries[kept].split != split || stays || left_out[twin]) return;
    left_out[twin] = true;
    reporter.note(text("left out: ", told(entry), " is nearly identical to ", told(manifest.entries[kept])));
  };
  for (const auto& [i, j] : near_identical_pairs(seen, stop)) {
    look(i, j);
    look(j, i);
  }
  leave_out_entries(manifest, seen, left_out);
}

}  // namespace

Manifest join_manifests(std::span<const Manifest> manifests, const JoinOptions& options, const Reporter& reporter,
                        const std::stop_token& stop) {
  if (!options.look_at_pictures && !options.without_twins.empty()) {
    throw Error(ErrorKind::usage, "twins can be left out only where pictures are looked at; leave out --no-groups");
  }
  Manifest joined = Join(options, reporter).run(manifests);
  if (!options.look_at_pictures) return joined;
  std::vector<SeenPicture> seen = keep_readable_pictures(joined, reporter, stop);
  std::set<std::string> dealt_with;
  for (const std::string& split : options.without_twins) {
    leave_out_twins(joined, seen, split, dealt_with, reporter, stop);
    dealt_with.insert(split);
  }
  group_near_identical(joined, seen, stop);
  return joined;
}

}  // namespace throng
