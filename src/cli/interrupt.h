#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace throng {

/// Turns the first Ctrl-C or SIGTERM into a stop request; the second ends the program at once with exit code 130, and
/// takes half-written files along. One per program.
class Interrupt {
 public:
  /// `on_first` is called from another thread when the first one comes.
  explicit Interrupt(const std::function<void()>& on_first);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::thread watcher_;
};

}  // namespace throng
