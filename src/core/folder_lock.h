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

  /// The empty file that is locked; it stays.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace throng
