#pragma once

#include <stop_token>
#include <thread>

namespace throng {

/// Turns the first Ctrl-C or SIGTERM into a stop request; the second ends the program at once. One per program.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::thread watcher_;
};

}  // namespace throng
