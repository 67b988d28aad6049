#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace throng {

/// Receives what the library has to say; the library itself never prints. Calls may come from any thread.
class MessageSink {
 public:
  enum class Level { detail, note, warning };
  virtual ~MessageSink() = default;
  virtual void message(Level level, std::string_view sentence) = 0;
};

/// Receives how far a long piece of work has come.
class ProgressObserver {
 public:
  virtual ~ProgressObserver() = default;
  /// `done` of `total` units (images, steps, files) are finished; `detail` is a short text to show beside it.
  virtual void progress(std::int64_t done, std::int64_t total, std::string_view detail) = 0;
};

/// What most long-running functions take: both may be absent.
struct Reporter {
  MessageSink* messages = nullptr;
  ProgressObserver* observer = nullptr;

  void note(std::string_view sentence) const {
    if (messages) messages->message(MessageSink::Level::note, sentence);
  }
  void warning(std::string_view sentence) const {
    if (messages) messages->message(MessageSink::Level::warning, sentence);
  }
  void progress(std::int64_t done, std::int64_t total, std::string_view detail = {}) const {
    if (observer) observer->progress(done, total, detail);
  }
};

}  // namespace throng
