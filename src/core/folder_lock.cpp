#include "core/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

FolderLock::FolderLock(const std::filesystem::path& folder) : path_(folder / "lock") {
  descriptor_ = ::open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw Error(ErrorKind::failure, text("cannot write ", path_.string(), ": ", reason_of(errno)));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(ErrorKind::failure,
                text("another process works in ", folder.string(), ": wait for it, or choose another --out"));
  }
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace throng
