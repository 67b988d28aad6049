#include "infer/available_memory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <string>

#include "temporary_folder.h"

namespace throng {

namespace {

constexpr std::int64_t kMib = 1024 * 1024;
constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

class FakeMachine {
 public:
  void write(const std::string& path, const std::string& words) {
    const auto file = folder_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << words;
  }
  std::int64_t available() const { return available_memory(folder_.path()); }

 private:
  TemporaryFolder folder_;
};

TEST(AvailableMemory, IsWhatTheMachineHas) {
  FakeMachine machine;
  EXPECT_EQ(machine.available(), kUnlimited);
  machine.write("proc/meminfo", "MemTotal:       24683712 kB\nMemFree:          100 kB\nMemAvailable:    2048 kB\n");
  EXPECT_EQ(machine.available(), 2 * kMib);
}

TEST(AvailableMemory, IsLimitedByTheControlGroup) {
  FakeMachine machine;
  machine.write("proc/meminfo", "MemAvailable:    1048576 kB\n");
  machine.write("proc/self/cgroup", "0::/user.slice/job.scope\n");
  machine.write("sys/fs/cgroup/user.slice/memory.max", "104857600\n");
  machine.write("sys/fs/cgroup/user.slice/memory.current", "52428800\n");
  machine.write("sys/fs/cgroup/user.slice/memory.stat", "anon 1\ninactive_file 10485760\nactive_file 7\n");
  machine.write("sys/fs/cgroup/user.slice/job.scope/memory.max", "max\n");
  machine.write("sys/fs/cgroup/user.slice/job.scope/memory.current", "52428800\n");
  EXPECT_EQ(machine.available(), 60 * kMib);

  machine.write("sys/fs/cgroup/user.slice/job.scope/memory.max", "62914560\n");
  EXPECT_EQ(machine.available(), 10 * kMib);
  machine.write("sys/fs/cgroup/user.slice/job.scope/memory.current", "99999999999\n");
  EXPECT_EQ(machine.available(), 0);
}

TEST(AvailableMemory, KnowsTheFirstVersionOfControlGroups) {
  FakeMachine machine;
  machine.write("proc/meminfo", "MemAvailable:    1048576 kB\n");
  machine.write("proc/self/cgroup", "5:cpu,memory:/docker/abc\n4:cpuset:/docker/abc\n");
  // In a container the group's own path is not there: the mount is the group.
  machine.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "209715200\n");
  machine.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "104857600\n");
  machine.write("sys/fs/cgroup/memory/memory.stat", "cache 5\ninactive_file 3\ntotal_inactive_file 1048576\n");
  EXPECT_EQ(machine.available(), 101 * kMib);
}

TEST(AvailableMemory, PassesOverWhatMakesNoSense) {
  FakeMachine machine;
  machine.write("proc/meminfo", "MemAvailable:    many kB\n");
  machine.write("proc/self/cgroup", "nonsense\n0:memory\n:::\n0::/\n");
  machine.write("sys/fs/cgroup/memory.max", "\n");
  machine.write("sys/fs/cgroup/memory.current", "12\n");
  EXPECT_EQ(machine.available(), kUnlimited);
}

}  // namespace

}  // namespace throng
