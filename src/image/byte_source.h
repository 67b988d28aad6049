#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace throng {

/// Random access to a picture's bytes, in memory or in a file, so that headers can be read without the rest.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Copies the bytes from `offset` on and returns how many there were; fewer than asked for at the end of the data or
  /// when the file cannot be read. Does not throw: it is called from inside C libraries.
  virtual std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept = 0;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept override;

 private:
  std::span<const std::uint8_t> bytes_;
};

class FileSource : public ByteSource {
 public:
  /// Throws Error(input) that names the path and the reason when the file cannot be opened.
  explicit FileSource(const std::filesystem::path& path);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;
  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept override;

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace throng
