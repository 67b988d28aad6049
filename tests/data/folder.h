#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "temporary_folder.h"

namespace throng {

/// A test with a fresh folder of its own.
class TestFolder : public ::testing::Test {
 protected:
  const std::filesystem::path& folder() const { return folder_.path(); }

  std::filesystem::path write(const std::filesystem::path& name, std::string_view content) const {
    const auto path = folder() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

 private:
  TemporaryFolder folder_;
};

/// The message of the error that `work` throws; fails the test when it throws none.
template <class Work>
std::string message_of(Work work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace throng
