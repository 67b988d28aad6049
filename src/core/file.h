#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// Reads a whole file. Throws Error(input) that names the path and the reason.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path);
std::string read_text_file(const std::filesystem::path& path);

/// A file that appears under its name only when it is complete: written to a temporary name beside it, fsynced, renamed.
/// Without commit() the temporary file is removed and an older file of that name stays as it was.
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
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Makes a folder and its parents. Throws Error(failure) that names the path and the reason.
void make_folder(const std::filesystem::path& path);

}  // namespace throng
