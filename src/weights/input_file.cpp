#include "weights/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::uint64_t kBuffer = 64 * 1024;
constexpr std::uint64_t kLargestRead = 1 << 30;  // Linux cuts longer reads

}  // namespace

InputFile::InputFile(const std::filesystem::path& path) : path_(path) {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail(text("the weight file cannot be opened: ", std::strerror(errno)));
  struct stat status {};
  const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) {
    ::close(descriptor_);
    fail("is not a regular file; give the path of a .safetensors or .pth file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(FileRegion region, void* to) const {
  if (!contains(region)) {
    fail(text("bytes ", region.offset, " to ", region.offset + region.bytes, " are wanted, but the file ends at ",
              size_, "; it is damaged or was not downloaded completely"));
  }
  auto* out = static_cast<char*>(to);
  while (region.bytes > 0) {
    const ssize_t got =
        ::pread(descriptor_, out, std::min(region.bytes, kLargestRead), static_cast<off_t>(region.offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(text("cannot be read: ", std::strerror(errno)));
    if (got == 0) fail("became shorter while it was read");
    out += got;
    region.offset += static_cast<std::uint64_t>(got);
    region.bytes -= static_cast<std::uint64_t>(got);
  }
}

std::string InputFile::read(FileRegion region) const {
  if (!contains(region)) read(region, nullptr);  // throws before anything is allocated
  std::string bytes(region.bytes, '\0');
  read(region, bytes.data());
  return bytes;
}

std::string InputFile::head(std::uint64_t bytes) const { return read(FileRegion{0, std::min(bytes, size_)}); }

void InputFile::fail(std::string_view what) const { throw Error(ErrorKind::model, text(path_.string(), ": ", what)); }

ByteReader::ByteReader(const InputFile& file, FileRegion region)
    : file_(file), position_(region.offset), end_(region.offset + region.bytes) {
  if (!file.contains(region)) file.fail("a part of the file lies beyond its end; it is damaged or incomplete");
}

void ByteReader::need(std::uint64_t count) const {
  if (count > left()) {
    file_.fail(text("ends too early: ", count, " more bytes are wanted at byte ", position_, " and ", left(),
                    " are left; it is damaged or was not downloaded completely"));
  }
}

std::uint8_t ByteReader::byte() {
  need(1);
  if (position_ < buffer_start_ || position_ - buffer_start_ >= buffer_.size()) {
    buffer_ = file_.read({position_, std::min(kBuffer, left())});
    buffer_start_ = position_;
  }
  return static_cast<std::uint8_t>(buffer_[position_++ - buffer_start_]);
}

std::string ByteReader::bytes(std::uint64_t count) {
  need(count);
  std::string out;
  if (position_ >= buffer_start_ && position_ - buffer_start_ + count <= buffer_.size()) {
    out = buffer_.substr(position_ - buffer_start_, count);
  } else {
    out = file_.read({position_, count});
  }
  position_ += count;
  return out;
}

std::string ByteReader::line(std::uint64_t limit) {
  std::string out;
  for (char next = 0; (next = static_cast<char>(byte())) != '\n';) {
    if (out.size() == limit) file_.fail(text("holds a name of more than ", limit, " bytes at byte ", position_));
    out += next;
  }
  return out;
}

std::uint64_t ByteReader::little_endian(int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) value |= static_cast<std::uint64_t>(byte()) << (8 * i);
  return value;
}

void ByteReader::skip(std::uint64_t count) {
  need(count);
  position_ += count;
}

std::string quoted_name(std::string_view name) {
  constexpr std::size_t kLongest = 100;
  std::string out = "'";
  for (const char c : name.substr(0, kLongest)) {
    const auto code = static_cast<unsigned char>(c);
    out += code < 0x20 || code >= 0x7f ? '?' : c;
  }
  return out + (name.size() > kLongest ? "...'" : "'");
}

}  // namespace throng
