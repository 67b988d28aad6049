#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "core/progress.h"

namespace throng {

/// Shows messages and progress on standard error: on a terminal one line redrawn in place, elsewhere a plain line at
/// most every ten seconds.
class Console final : public MessageSink, public ProgressObserver {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Verbosity { quiet, normal, verbose };

  /// Writes to `descriptor`, which is asked whether it is a terminal.
  explicit Console(int descriptor);
  ~Console() override;

  void set_verbosity(Verbosity verbosity) { verbosity_ = verbosity; }
  void message(Level level, std::string_view sentence) override;
  void progress(std::int64_t done, std::int64_t total, std::string_view detail) override;
  /// Takes the progress line away, so that something else can be written to the same terminal.
  void clear_line();

 private:
  void write(std::string_view bytes) const;
  void erase();

  int descriptor_;
  bool terminal_;
  Verbosity verbosity_ = Verbosity::normal;
  std::mutex mutex_;
  bool drawn_ = false;
  std::int64_t first_done_ = 0;
  std::int64_t last_done_ = -1;
  std::int64_t last_total_ = -1;
  Clock::time_point started_;
  Clock::time_point shown_;
};

/// "12/182  6%  3.4/s  50 s left  detail": rate and time left come from the units done since the work started, and are
/// left out before the first.
std::string progress_text(std::int64_t done, std::int64_t total, std::int64_t done_since_start, double seconds,
                          std::string_view detail);

}  // namespace throng
