#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <string>

namespace throng {

/// Bytes of this process's data, as RLIMIT_DATA measures them; 0 where the system does not say.
inline rlim_t data_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmData:")) return std::stoull(line.substr(7)) << 10;
  }
  return 0;
}

/// While it lives, the data of this process can grow by so many bytes and no more.
class DataLimit {
 public:
  explicit DataLimit(rlim_t growth) {
    EXPECT_EQ(getrlimit(RLIMIT_DATA, &before_), 0);
    rlimit less = before_;
    less.rlim_cur = data_bytes() + growth;
    EXPECT_EQ(setrlimit(RLIMIT_DATA, &less), 0);
  }
  DataLimit(const DataLimit&) = delete;
  DataLimit& operator=(const DataLimit&) = delete;
  ~DataLimit() { setrlimit(RLIMIT_DATA, &before_); }

 private:
  rlimit before_{};
};

}  // namespace throng
