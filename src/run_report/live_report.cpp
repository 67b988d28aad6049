#include "run_report/live_report.h"

#include <exception>
#include <string>
#include <utility>

#include "core/text.h"
#include "run_report/run_report.h"

namespace throng {
namespace {

constexpr std::chrono::seconds kPause{5};

/// The length of the run's log; 0 without one.
std::uintmax_t log_size(const std::filesystem::path& run) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(run / "metrics.jsonl", error);
  return error ? 0 : size;
}

}  // namespace

LiveReport::LiveReport(std::filesystem::path run, const Reporter& reporter)
    : run_(std::move(run)), reporter_(reporter) {}

void LiveReport::progress(std::int64_t done, std::int64_t total, std::string_view detail) {
  {
    const std::lock_guard lock(mutex_);
    trained_ = true;
    if (Clock::now() >= due_ && log_size(run_) != logged_) write();
  }
  reporter_.progress(done, total, detail);
}

void LiveReport::write_now() {
  const std::lock_guard lock(mutex_);
  if (trained_) write();
}

void LiveReport::write() {
  // A run that fails before its first state is saved leaves nothing to report, and the folder may be gone with it.
  if (failed_ || !is_run_folder(run_)) return;
  logged_ = log_size(run_);
  try {
    RunReportOptions options;
    options.judge = false;
    write_run_report(run_, options, reporter_);
  } catch (const std::exception& error) {  // lack of memory too: none of them may end the training
    failed_ = true;
    reporter_.warning(text("the run goes on without a report: ", error.what()));
  }
  due_ = Clock::now() + kPause;
}

}  // namespace throng
