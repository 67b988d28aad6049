#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/progress.h"
#include "core/text.h"
#include "expect_error.h"
#include "train/trainer.h"

namespace throng {

inline std::vector<Json> log_of(const std::filesystem::path& run) {
  std::vector<Json> lines;
  for (const std::string& line : split(read_text_file(run / "metrics.jsonl"), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

// Asks to stop when a step is reached.
class StopAt final : public ProgressObserver {
 public:
  explicit StopAt(std::int64_t step) : step_(step) {}
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    if (done == step_) source_.request_stop();
  }
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::int64_t step_;
  std::stop_source source_;
};

// Does something when a step is reached.
class CallAt final : public ProgressObserver {
 public:
  CallAt(std::int64_t step, std::function<void()> call) : step_(step), call_(std::move(call)) {}
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    if (done == step_) call_();
  }

 private:
  std::int64_t step_;
  std::function<void()> call_;
};

struct Messages final : MessageSink {
  void message(Level level, std::string_view sentence) override {
    (level == Level::warning ? warnings : notes) += std::string(sentence) + "\n";
  }
  std::string warnings, notes;
};

/// Trains in a new folder and stops behind a step, with everything saved.
inline void train_until(std::int64_t step, const ExperimentConfig& config, const std::filesystem::path& run) {
  StopAt stop(step);
  expect_error(ErrorKind::interrupted, {"--resume"}, [&] {
    train(config, run, false, {nullptr, &stop}, stop.token());
  });
}

}  // namespace throng
