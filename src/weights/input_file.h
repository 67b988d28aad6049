#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// A piece of a file.
struct FileRegion {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// A weight file that is read by position: no number that stands in the file can lead outside it.
/// Everything throws Error(model) that begins with the file's name.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  std::uint64_t size() const { return size_; }

  bool contains(FileRegion region) const { return region.offset <= size_ && region.bytes <= size_ - region.offset; }
  /// Fills `to` with the whole region.
  void read(FileRegion region, void* to) const;
  std::string read(FileRegion region) const;
  /// The first bytes of the file, fewer when it is shorter.
  std::string head(std::uint64_t bytes) const;

  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// Reads a region from front to back, buffered. Reading past its end is an error.
class ByteReader {
 public:
  ByteReader(const InputFile& file, FileRegion region);

  std::uint8_t byte();
  /// The next `count` bytes; `count` is checked against what is left before anything is allocated.
  std::string bytes(std::uint64_t count);
  /// Up to the next newline, which is consumed and not returned; at most `limit` bytes.
  std::string line(std::uint64_t limit);
  /// A little-endian number of 1 to 8 bytes.
  std::uint64_t little_endian(int count);
  void skip(std::uint64_t count);

  std::uint64_t position() const { return position_; }  ///< in the file
  std::uint64_t left() const { return end_ - position_; }
  const InputFile& file() const { return file_; }

 private:
  void need(std::uint64_t count) const;

  const InputFile& file_;
  std::uint64_t position_;
  std::uint64_t end_;
  std::string buffer_;
  std::uint64_t buffer_start_ = 0;
};

/// A name out of a file as it may stand in a message: in quotes, cut when long, without control characters.
std::string quoted_name(std::string_view name);

}  // namespace throng
