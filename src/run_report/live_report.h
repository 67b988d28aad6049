#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>

#include "core/progress.h"

namespace throng {

/// Passes the progress of a training run on, and writes its curves anew whenever another epoch has been logged, at most
/// once in a few seconds. A report that cannot be written is a warning, once.
class LiveReport final : public ProgressObserver {
 public:
  LiveReport(std::filesystem::path run, const Reporter& reporter);

  void progress(std::int64_t done, std::int64_t total, std::string_view detail) override;
  /// Writes the curves as they are, if the run has come to train at all.
  void write_now();

 private:
  using Clock = std::chrono::steady_clock;

  void write();

  std::filesystem::path run_;
  Reporter reporter_;
  std::mutex mutex_;
  bool trained_ = false;
  bool failed_ = false;
  std::uintmax_t logged_ = 0;  ///< bytes of the log that the report shows
  Clock::time_point due_;
};

}  // namespace throng
