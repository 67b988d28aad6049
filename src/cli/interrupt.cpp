#include "cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

// A signal handler may do little more than write a byte; a thread reads it and requests the stop.
int pipe_ends[2] = {-1, -1};
constexpr char kSignal = 's';
constexpr char kEnd = 'e';

void on_signal(int) {
  const int saved = errno;
  (void)!::write(pipe_ends[1], &kSignal, 1);
  errno = saved;
}

void watch(std::stop_source source) {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::read(pipe_ends[0], &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got != 1 || byte == kEnd) return;
    source.request_stop();
  }
}

void handle(int signal_number) {
  struct sigaction old {};
  // What was ignored on purpose (nohup, a background job of a script) stays so.
  if (::sigaction(signal_number, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  ::sigaction(signal_number, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) {
    throw Error(ErrorKind::failure, "cannot open a pipe: " + reason_of(errno));
  }
  watcher_ = std::thread(watch, source_);
  handle(SIGINT);
  handle(SIGTERM);
}

Interrupt::~Interrupt() {
  (void)!::write(pipe_ends[1], &kEnd, 1);
  watcher_.join();
}

}  // namespace throng
