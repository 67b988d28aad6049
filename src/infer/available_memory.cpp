#include "infer/available_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/text.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

std::optional<std::string> read_line_of(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::optional<std::int64_t> read_bytes(const fs::path& path) {
  const auto line = read_line_of(path);
  std::int64_t value = 0;
  if (!line || !parse_number(trim(*line), value)) return std::nullopt;
  return value;
}

// The number behind `key` in a file of "key number [unit]" lines; 0 where it is missing.
std::int64_t keyed_number(const fs::path& path, std::string_view key) {
  std::ifstream file(path);
  std::string word;
  std::int64_t value = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::string_view rest = trim(std::string_view(line).substr(key.size()));
    return parse_number(rest.substr(0, rest.find(' ')), value) ? value : 0;
  }
  return 0;
}

std::int64_t memory_of_machine(const fs::path& root) {
  constexpr std::int64_t kKib = 1024;
  const std::int64_t kib = keyed_number(root / "proc/meminfo", "MemAvailable:");
  return kib > 0 ? kib * kKib : kUnlimited;
}

// The names under which the two versions of control groups keep the same numbers.
struct GroupFiles {
  std::string_view mount;
  std::string_view limit;
  std::string_view usage;
  std::string_view reclaimable;  ///< a key in memory.stat: file cache that the kernel gives back under pressure
};
constexpr GroupFiles kVersion2{"sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"};
constexpr GroupFiles kVersion1{"sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
                               "total_inactive_file"};

std::int64_t memory_of_group(const fs::path& folder, const GroupFiles& files) {
  const auto limit = read_bytes(folder / files.limit);  // "max" is no number: unlimited
  const auto usage = read_bytes(folder / files.usage);
  if (!limit || !usage) return kUnlimited;
  return std::max<std::int64_t>(0, *limit - *usage + keyed_number(folder / "memory.stat", files.reclaimable));
}

// A limit of any group above counts as well; inside a container the mount itself is the container's group.
std::int64_t memory_of_groups(const fs::path& root, const GroupFiles& files, const std::string& group) {
  const fs::path mount = root / files.mount;
  std::int64_t least = memory_of_group(mount, files);
  fs::path folder = mount;
  for (const fs::path& name : fs::path(group).relative_path()) {
    folder /= name;
    least = std::min(least, memory_of_group(folder, files));
  }
  return least;
}

}  // namespace

std::int64_t available_memory(const fs::path& root) {
  std::int64_t least = memory_of_machine(root);
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    // hierarchy:controllers:group, and no controllers in version 2
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
    if (controllers.empty()) least = std::min(least, memory_of_groups(root, kVersion2, group));
    for (const std::string& controller : split(controllers, ',')) {
      if (controller == "memory") least = std::min(least, memory_of_groups(root, kVersion1, group));
    }
  }
  return least;
}

}  // namespace throng
