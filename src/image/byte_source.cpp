#include "image/byte_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

std::size_t MemorySource::read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept {
  if (offset >= bytes_.size()) return 0;
  const std::size_t count = std::min<std::size_t>(into.size(), bytes_.size() - offset);
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
  return count;
}

FileSource::FileSource(const std::filesystem::path& path) {
  descriptor_ = open_for_reading(path);
  struct stat status {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    const std::string reason = reason_of(errno);
    if (descriptor_ >= 0) ::close(descriptor_);
    throw Error(ErrorKind::input, text(path.string(), " cannot be read: ", reason));
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

FileSource::~FileSource() { ::close(descriptor_); }

std::size_t FileSource::read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count =
        ::pread(descriptor_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

}  // namespace throng
