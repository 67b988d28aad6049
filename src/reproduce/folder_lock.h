#pragma once

#include <filesystem>

namespace throng {

/// Keeps other processes that ask for the same lock out of a folder, as long as it lives; a killed process leaves none.
class FolderLock {
 public:
  /// Throws Error(failure) when another process holds it.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int descriptor_ = -1;
};

}  // namespace throng
