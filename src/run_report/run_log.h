#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "report/chart.h"

namespace throng {

/// What a training run has logged: the lines of its metrics.jsonl, in order.
class RunLog {
 public:
  RunLog() = default;
  /// Reads the file; a line that is not finished (the writer was killed, or writes just now) is passed over. Without a
  /// file there are no lines. Throws Error(input) when it cannot be read.
  explicit RunLog(const std::filesystem::path& metrics);

  const std::vector<Json>& lines() const { return lines_; }

  /// The names of the numbers at the lines' top level (`group` empty) or in one of their objects, in the order in which
  /// they appear first.
  std::vector<std::string> numbers(const std::string& group) const;
  /// The names of the objects at the lines' top level.
  std::vector<std::string> groups() const;

  /// One of these numbers over the epochs; NaN where a line does not have it.
  Series series(const std::string& group, const std::string& number) const;
  /// The same without the lines that do not have it.
  Series present(const std::string& group, const std::string& number) const;

 private:
  std::vector<Json> lines_;
};

}  // namespace throng
