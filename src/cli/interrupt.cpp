#include "cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "cli/commands.h"
#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

// A signal handler may do little more than write a byte; a thread reads it and does the rest.
int pipe_ends[2] = {-1, -1};
constexpr char kSignal = 's';
constexpr char kEnd = 'e';

// False while the thread cannot read: it may be held up by a terminal that takes no more output.
std::atomic<bool> watching{false};
std::atomic<bool> stopping{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler uses it");

void on_signal(int) {
  if (stopping.exchange(true) && !watching) ::_exit(kExitInterrupted);
  const int saved = errno;
  (void)!::write(pipe_ends[1], &kSignal, 1);
  errno = saved;
}

char wait_for_byte() {
  char byte = kEnd;
  watching = true;
  while (::read(pipe_ends[0], &byte, 1) < 0 && errno == EINTR) {
  }
  watching = false;
  return byte;
}

void watch(std::stop_source source, const std::function<void()>& on_first) {
  if (wait_for_byte() == kEnd) return;
  source.request_stop();
  on_first();
  if (wait_for_byte() == kEnd) return;
  remove_own_unfinished_files();
  ::_exit(kExitInterrupted);
}

void handle(int signal_number) {
  struct sigaction old {};
  // What was ignored on purpose (nohup, a background job of a script) stays so.
  if (::sigaction(signal_number, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal_number, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt(const std::function<void()>& on_first) {
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) {
    throw Error(ErrorKind::failure, "cannot open a pipe: " + reason_of(errno));
  }
  watcher_ = std::thread(watch, source_, on_first);
  handle(SIGINT);
  handle(SIGTERM);
}

Interrupt::~Interrupt() {
  (void)!::write(pipe_ends[1], &kEnd, 1);
  watcher_.join();
}

}  // namespace throng
