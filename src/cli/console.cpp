#include "cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "core/text.h"

namespace throng {

namespace {

constexpr auto kBetweenRedraws = std::chrono::milliseconds(100);
constexpr auto kBetweenLines = std::chrono::seconds(10);
constexpr std::string_view kEraseLine = "\r\033[K";

std::size_t terminal_columns(int descriptor) {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

// Cut to a number of bytes, which is at least as many columns, never inside a UTF-8 character.
std::string_view cut(std::string_view line, std::size_t bytes) {
  if (line.size() <= bytes) return line;
  while (bytes > 0 && (static_cast<unsigned char>(line[bytes]) & 0xc0) == 0x80) --bytes;
  return line.substr(0, bytes);
}

}  // namespace

std::string progress_text(std::int64_t done, std::int64_t total, std::int64_t done_since_start, double seconds,
                          std::string_view detail) {
  std::string line = text(done, "/", total);
  if (total > 0) line += text("  ", 100 * done / total, "%");
  if (done_since_start > 0 && seconds > 0) {
    const double rate = static_cast<double>(done_since_start) / seconds;
    line += text("  ", fixed(rate, rate < 10 ? 2 : 0), "/s");
    if (total > done) line += text("  ", human_duration(static_cast<double>(total - done) / rate), " left");
  }
  if (!detail.empty()) line += text("  ", detail);
  return line;
}

Console::Console(int descriptor) : descriptor_(descriptor), terminal_(::isatty(descriptor) == 1) {}

Console::~Console() { clear_line(); }

void Console::message(Level level, std::string_view sentence) {
  const Verbosity needed = level == Level::warning ? Verbosity::quiet
                           : level == Level::note  ? Verbosity::normal
                                                   : Verbosity::verbose;
  if (verbosity_ < needed) return;
  const std::scoped_lock lock(mutex_);
  erase();
  write(text(level == Level::warning ? "warning: " : "", sentence, "\n"));
}

void Console::progress(std::int64_t done, std::int64_t total, std::string_view detail) {
  if (verbosity_ == Verbosity::quiet) return;
  const std::scoped_lock lock(mutex_);
  const Clock::time_point now = Clock::now();
  const bool new_work = total != last_total_ || done < last_done_;
  if (new_work) {
    first_done_ = done;
    started_ = now;
    shown_ = terminal_ ? Clock::time_point{} : now;
  }
  last_done_ = done;
  last_total_ = total;
  if (terminal_ && done == total) {
    erase();
    return;
  }
  if (now - shown_ < (terminal_ ? Clock::duration(kBetweenRedraws) : Clock::duration(kBetweenLines))) return;
  shown_ = now;

  const double seconds = std::chrono::duration<double>(now - started_).count();
  const std::string line = progress_text(done, total, done - first_done_, seconds, detail);
  if (terminal_) {
    write(text(kEraseLine, cut(line, terminal_columns(descriptor_) - 1)));
    drawn_ = true;
  } else {
    write(line + "\n");
  }
}

void Console::clear_line() {
  const std::scoped_lock lock(mutex_);
  erase();
}

void Console::erase() {
  if (drawn_) write(kEraseLine);
  drawn_ = false;
}

// What cannot be written here has no other place to go.
void Console::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace throng
