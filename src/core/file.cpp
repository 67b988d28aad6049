#include "core/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <system_error>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryStart = ".throng-";
constexpr std::string_view kTemporaryEnd = ".tmp";
constexpr mode_t kPermissions = 0777;  // who may run a file as its owner is not handed on

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void cannot_read(const fs::path& path, int error) {
  throw Error(ErrorKind::input, text("cannot read '", path.string(), "': ", reason_of(error)));
}

/// Takes back O_NONBLOCK, with which only the opening was not to wait.
void wait_again(int descriptor) { ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK); }

/// Opens for reading; `size` is what the file claims to hold, 0 for pipes and devices.
int open_to_read(const fs::path& path, std::size_t& size) {
  const int number = open_for_reading(path);
  if (number < 0) cannot_read(path, errno);
  struct stat status {};
  size = ::fstat(number, &status) == 0 && S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
  return number;
}

/// Reads up to `room` bytes; 0 at the end of the file.
std::size_t read_some(const Descriptor& file, const fs::path& path, std::uint8_t* to, std::size_t room) {
  for (;;) {
    const ssize_t got = ::read(file.get(), to, room);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) cannot_read(path, errno);
  }
}

template <class Bytes>
Bytes read_whole(const fs::path& path) {
  std::size_t size = 0;
  const Descriptor file(open_to_read(path, size));
  Bytes bytes;
  std::size_t filled = 0;
  // The size is only a hint: the file may grow or be a pipe, so read until the end comes.
  for (std::size_t room = size + 1;; room = filled + (std::size_t{1} << 16)) {
    bytes.resize(room);
    while (filled < room) {
      const std::size_t got =
          read_some(file, path, reinterpret_cast<std::uint8_t*>(bytes.data()) + filled, room - filled);
      if (got == 0) {
        bytes.resize(filled);
        return bytes;
      }
      filled += got;
    }
  }
}

/// The file that a chain of symbolic links ends at, which may not exist yet.
fs::path follow_links(fs::path path) {
  constexpr int kMostLinks = 40;
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, error); ++i) {
    const fs::path link = fs::read_symlink(path, error);
    if (error) break;
    path = link.is_absolute() ? link : path.parent_path() / link;
  }
  return path;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

/// The new name itself must reach the disk; some file systems refuse to sync a folder, which loses nothing.
void sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

/// The standard stream that goes to this file, or -1. Through it a write lands behind what it has written already;
/// replacing the file, or opening it anew, would lose that.
int standard_stream_of(const struct stat& file) {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat status {};
    const bool same = ::fstat(stream, &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino;
    const int flags = same ? ::fcntl(stream, F_GETFL) : -1;
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) return stream;
  }
  return -1;
}

bool is_temporary(std::string_view name) { return name.starts_with(kTemporaryStart) && name.ends_with(kTemporaryEnd); }

/// The number of a process in the name would not tell: numbers are given out again, and containers begin at 1.
void remove_if_abandoned(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
}

/// The temporary files that this process is writing.
struct Unfinished {
  std::mutex mutex;
  std::set<fs::path> files;
};

Unfinished& unfinished() {
  static Unfinished all;
  return all;
}

}  // namespace

int open_for_reading(const fs::path& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number >= 0) wait_again(number);
  return number;
}

std::vector<std::uint8_t> read_file(const fs::path& path) { return read_whole<std::vector<std::uint8_t>>(path); }

std::string read_text_file(const fs::path& path) { return read_whole<std::string>(path); }

void read_blocks(const fs::path& path, const std::function<void(std::span<const std::uint8_t>)>& receive) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  std::size_t size = 0;
  const Descriptor file(open_to_read(path, size));
  std::vector<std::uint8_t> block(kBlock);
  while (const std::size_t got = read_some(file, path, block.data(), block.size())) {
    receive(std::span<const std::uint8_t>(block.data(), got));
  }
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)), target_(follow_links(path_)) {
  struct stat status {};
  // Not of the target: /dev/stdout is a link whose text names no file when it leads to a pipe.
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) fail(EISDIR);
  if (!target_.has_filename()) fail(EISDIR);
  if (const int stream = exists ? standard_stream_of(status) : -1; stream >= 0) {
    descriptor_ = ::fcntl(stream, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) fail(errno);
  } else if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) fail(errno);  // of a pipe that nobody reads: "no such device or address"
    wait_again(descriptor_);
  } else {
    open_temporary();
    // Fails where the file system knows no modes, which does no harm.
    if (exists) (void)::fchmod(descriptor_, status.st_mode & kPermissions);
  }
}

void AtomicFile::open_temporary() {
  static std::atomic<std::uint64_t> serial{0};
  do {
    // Not made from the target's name, which may already be as long as a name can be.
    temporary_ =
        folder_of(target_) / text(kTemporaryStart, static_cast<std::int64_t>(::getpid()), "-", serial++, kTemporaryEnd);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail(errno);
  {
    const std::scoped_lock lock(unfinished().mutex);
    unfinished().files.insert(temporary_);
  }
  // Held as long as the writer lives: remove_unfinished_files() can tell. A file system without locks does no harm.
  (void)::flock(descriptor_, LOCK_EX | LOCK_NB);
}

AtomicFile::~AtomicFile() { remove_temporary(); }

void AtomicFile::remove_temporary() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  forget_temporary();
}

void AtomicFile::forget_temporary() {
  const std::scoped_lock lock(unfinished().mutex);
  unfinished().files.erase(temporary_);
  temporary_.clear();
}

void AtomicFile::fail(int error) const {
  std::string sentence = text("cannot write '", path_.string(), "': ", reason_of(error));
  if (error == ENOENT || error == ENOTDIR) sentence += text(" (folder '", folder_of(target_).string(), "')");
  throw Error(ErrorKind::failure, sentence);
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void AtomicFile::commit() {
  const bool direct = temporary_.empty();
  if (!direct && ::fsync(descriptor_) != 0) fail(errno);
  // Before closing, which gives up the lock; after fsync there is nothing left for it to fail at.
  if (!direct && ::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  if (!direct) forget_temporary();
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail(errno);
  if (!direct) sync_folder(folder_of(target_));
}

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_file(const fs::path& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

void remove_unfinished_files(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (is_temporary(entry->path().filename().native())) remove_if_abandoned(entry->path());
  }
}

void remove_own_unfinished_files() {
  const std::scoped_lock lock(unfinished().mutex);
  for (const fs::path& file : unfinished().files) ::unlink(file.c_str());
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, error) && !error) error = std::make_error_code(std::errc::not_a_directory);
  if (error) {
    throw Error(ErrorKind::failure, text("cannot make the folder '", path.string(), "': ", error.message()));
  }
}

}  // namespace throng
