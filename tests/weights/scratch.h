#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "temporary_folder.h"
#include "throng/error.h"

namespace throng {

/// A temporary folder that files are put into without the fsync of write_file: these tests write thousands.
class ScratchFolder : public TemporaryFolder {
 public:
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream file(path() / name, std::ios::binary);
    file << bytes;
    file.close();
    EXPECT_TRUE(file) << name;
    return path() / name;
  }
};

/// The sentence of the Error that `work` must throw, of this kind.
template <class Work>
std::string error_of(Work&& work, ErrorKind kind = ErrorKind::model) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no Error was thrown";
  return "";
}

/// A number's bytes, little-endian.
inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
  return out;
}

}  // namespace throng
