#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/draw.h"
#include "core/text.h"
#include "data/manifest.h"
#include "throng/error.h"

namespace throng {

void split_manifest(Manifest& manifest, const std::string& from, const std::string& to, double share,
                    std::uint64_t seed) {
  if (!(share > 0 && share < 1)) {
    throw Error(ErrorKind::usage, text("a split's share is ", share, "; give a number between 0 and 1, such as 0.1"));
  }
  const auto there = std::ranges::count(manifest.entries, to, &ManifestEntry::split);
  if (there > 0) {
    throw Error(ErrorKind::usage,
                text("split '", to, "' has ", quantity(there, "image"), " already; splitting again would move more"));
  }
  const auto images = static_cast<double>(manifest.split(from).size());
  // Groups in the order in which they first appear; an entry without a group is one of its own.
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> group_of;
  for (std::size_t i = 0; i < manifest.entries.size(); ++i) {
    const ManifestEntry& entry = manifest.entries[i];
    if (entry.split != from) continue;
    std::size_t group = groups.size();
    if (!entry.group.empty()) group = group_of.emplace(entry.group, group).first->second;
    if (group == groups.size()) groups.emplace_back();
    groups[group].push_back(i);
  }
  // Whole groups are moved, in random order, wherever the next one still fits; at least one, and never all of them.
  const auto wanted = std::max<std::int64_t>(1, static_cast<std::int64_t>(share * images + 0.5));
  std::int64_t moved = 0;
  std::size_t groups_left = groups.size();
  for (const std::int64_t index : Draw(seed, "split").permutation(static_cast<std::int64_t>(groups.size()))) {
    const auto& group = groups[static_cast<std::size_t>(index)];
    const bool fits = moved + static_cast<std::int64_t>(group.size()) <= wanted;
    if (!fits || groups_left == 1) continue;
    for (const std::size_t i : group) manifest.entries[i].split = to;
    moved += static_cast<std::int64_t>(group.size());
    --groups_left;
  }
  if (moved == 0) {
    throw Error(ErrorKind::usage,
                text("split '", from, "' cannot be divided: its ", quantity(std::ssize(manifest.split(from)), "image"),
                     " form ", quantity(std::ssize(groups), "group"), " of which none fits into a share of ", share));
  }
}

}  // namespace throng
