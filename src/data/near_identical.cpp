#include "data/near_identical.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "core/text.h"
#include "throng/error.h"
#include "throng/image.h"

namespace throng {
namespace {

SeenPicture look_at(const ManifestEntry& entry) {
  SeenPicture seen;
  try {
    const Image image = load_image(entry.image);
    seen.width = image.width;
    seen.height = image.height;
    seen.signature = content_signature(image);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    seen.problem = error.what();
  }
  return seen;
}

[[noreturn]] void interrupted(std::string_view doing, std::size_t done, std::size_t total) {
  throw Error(ErrorKind::interrupted, text("interrupted while ", doing, " pictures, at ", done, " of ", total));
}

/// Sets of entries that belong together, merged step by step.
class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  /// The set's first member.
  std::size_t first(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void merge(std::size_t a, std::size_t b) {
    a = first(a);
    b = first(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

/// Names "similar_1", "similar_2", ... that no entry uses yet.
class FreshNames {
 public:
  explicit FreshNames(const Manifest& manifest) {
    for (const ManifestEntry& entry : manifest.entries) used_.insert(entry.group);
  }
  std::string next() {
    std::string name;
    do {
      name = text("similar_", ++number_);
    } while (used_.contains(name));
    return name;
  }

 private:
  std::set<std::string> used_;
  std::int64_t number_ = 0;
};

}  // namespace

std::vector<SeenPicture> look_at_pictures(const Manifest& manifest, const Reporter& reporter,
                                          const std::stop_token& stop) {
  std::vector<SeenPicture> seen(manifest.entries.size());
  std::vector<std::size_t> again;
  std::atomic<std::size_t> next = 0;
  std::int64_t done = 0;
  std::mutex reporting;
  const auto report = [&](std::size_t i) {
    reporter.progress(++done, static_cast<std::int64_t>(seen.size()), manifest.entries[i].image.filename().string());
  };
  const auto work = [&] {
    for (std::size_t i = next++; i < seen.size() && !stop.stop_requested(); i = next++) {
      bool looked_at = true;
      try {
        seen[i] = look_at(manifest.entries[i]);
      } catch (const std::exception&) {
        looked_at = false;
      }
      const std::lock_guard lock(reporting);
      if (looked_at) {
        report(i);
      } else {
        again.push_back(i);
      }
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted = std::min<std::size_t>(std::thread::hardware_concurrency(), seen.size());
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  // What there was no memory for beside the others may do alone; what fails now is no fault of the picture's file.
  for (const std::size_t i : again) {
    if (stop.stop_requested()) break;
    seen[i] = look_at(manifest.entries[i]);
    report(i);
  }
  if (static_cast<std::size_t>(done) < seen.size()) interrupted("reading", static_cast<std::size_t>(done), seen.size());
  return seen;
}

std::vector<std::pair<std::size_t, std::size_t>> near_identical_pairs(const std::vector<SeenPicture>& pictures,
                                                                      const std::stop_token& stop) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (stop.stop_requested()) interrupted("comparing", i, pictures.size());
    for (std::size_t j = i + 1; j < pictures.size(); ++j) {
      if (similarity(pictures[i].signature, pictures[j].signature) >= kNearIdentical) pairs.emplace_back(i, j);
    }
  }
  return pairs;
}

void leave_out_entries(Manifest& manifest, std::vector<SeenPicture>& seen, const std::vector<bool>& left_out) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (left_out[i]) continue;
    if (kept != i) {
      manifest.entries[kept] = std::move(manifest.entries[i]);
      seen[kept] = std::move(seen[i]);
    }
    ++kept;
  }
  manifest.entries.resize(kept);
  seen.resize(kept);
}

std::vector<SeenPicture> keep_readable_pictures(Manifest& manifest, const Reporter& reporter,
                                                const std::stop_token& stop) {
  std::vector<SeenPicture> seen = look_at_pictures(manifest, reporter, stop);
  std::vector<bool> unreadable(seen.size(), false);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    std::error_code ignored;
    if (seen[i].problem.empty() || !std::filesystem::exists(manifest.entries[i].image, ignored)) continue;
    reporter.warning(text("left out: ", seen[i].problem));
    manifest.unreadable.push_back(manifest.entries[i].image);
    unreadable[i] = true;
  }
  leave_out_entries(manifest, seen, unreadable);
  if (seen.empty() && !unreadable.empty()) throw Error(ErrorKind::input, "none of the pictures can be read");
  return seen;
}

void group_near_identical(Manifest& manifest, const std::vector<SeenPicture>& pictures, const std::stop_token& stop) {
  Groups groups(pictures.size());
  std::map<std::string, std::size_t> named;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::string& name = manifest.entries[i].group;
    if (!name.empty()) groups.merge(i, named.emplace(name, i).first->second);
  }
  for (const auto& [i, j] : near_identical_pairs(pictures, stop)) groups.merge(i, j);

  std::map<std::size_t, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < pictures.size(); ++i) members[groups.first(i)].push_back(i);
  FreshNames fresh(manifest);
  for (const auto& [first, all] : members) {
    if (all.size() < 2) continue;
    const auto older =
        std::find_if(all.begin(), all.end(), [&](std::size_t i) { return !manifest.entries[i].group.empty(); });
    const std::string name = older == all.end() ? fresh.next() : manifest.entries[*older].group;
    for (const std::size_t i : all) manifest.entries[i].group = name;
  }
}

}  // namespace throng
