#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// Opens for reading without waiting for the other end of a pipe: one that nobody writes to is at its end. Returns a
/// descriptor that blocks as usual, or -1 with errno set.
int open_for_reading(const std::filesystem::path& path);

/// Reads a whole file. Throws Error(input) that names the path and the reason.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path);
std::string read_text_file(const std::filesystem::path& path);

/// Hands a file over block by block, so that a large one need not fit in memory. Throws as read_file does.
void read_blocks(const std::filesystem::path& path, const std::function<void(std::span<const std::uint8_t>)>& receive);

/// A file that appears under its name only when it is complete: written to a temporary name beside it, fsynced,
/// renamed. Without commit() the temporary file is removed and an older file of that name stays as it was; the new one
/// has its mode. A symbolic link is followed; a device or pipe (/dev/null) is written to directly, for there is
/// nothing to replace, and so is what standard output or error go to (/dev/stdout, whatever is behind it).
class AtomicFile {
 public:
  /// Throws Error(failure) when the folder is missing or cannot be written.
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Throws Error(failure), for instance when the disk is full.
  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);
  void commit();

 private:
  void open_temporary();
  void remove_temporary() noexcept;
  void forget_temporary();
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_;       ///< as the caller named it
  std::filesystem::path target_;     ///< links followed
  std::filesystem::path temporary_;  ///< empty when the target is written to directly
  int descriptor_ = -1;
};

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Removes the temporary files that writers which were killed have left in a folder (not in those below it). Those of
/// writers that live, in this process or another, stay; what vanishes meanwhile or cannot be removed is passed over.
void remove_unfinished_files(const std::filesystem::path& folder);

/// Removes the temporary files that this process is writing, for one that ends without unwinding. Their writers fail.
void remove_own_unfinished_files();

/// Makes a folder and its parents. Throws Error(failure) that names the path and the reason.
void make_folder(const std::filesystem::path& path);

}  // namespace throng
