#include "cli/streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

void keep_standard_streams() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    // The lowest free number is given out, which is this one. Read-only: writing results there still fails.
    if (::fcntl(descriptor, F_GETFD) < 0) (void)::open("/dev/null", descriptor == STDERR_FILENO ? O_RDWR : O_RDONLY);
  }
}

void write_standard_output(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd ready{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, /*forever*/ -1);
      continue;
    }
    if (written < 0) throw Error(ErrorKind::failure, text("cannot write to standard output: ", reason_of(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string read_descriptor(int descriptor, const std::stop_token& stop) {
  constexpr int kMillisecondsBetweenChecks = 100;
  std::string all;
  std::array<char, 1 << 16> block;
  for (;;) {
    if (stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted while reading standard input");
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    // A signal ends the wait early: then there is nothing to read, and perhaps a request to stop.
    const int waited = ::poll(&ready, 1, kMillisecondsBetweenChecks);
    if (waited == 0 || (waited < 0 && errno == EINTR)) continue;
    const ssize_t got = ::read(descriptor, block.data(), block.size());
    if (got == 0) return all;
    if (got > 0) all.append(block.data(), static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR) {
      throw Error(ErrorKind::failure, text("cannot read standard input: ", reason_of(errno)));
    }
  }
}

}  // namespace throng
