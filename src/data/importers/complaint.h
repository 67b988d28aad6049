#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/progress.h"
#include "core/text.h"

namespace throng {

/// Gathers what is wrong in the same way with many pictures, so that it becomes one sentence instead of thousands.
class Complaint {
 public:
  void add(std::string_view about) {
    if (count_++ == 0) first_ = about;
  }
  std::int64_t count() const { return count_; }
  const std::string& first() const { return first_; }

  /// "7 pictures " + what + ", first a.jpg"; nothing when nobody complained.
  void report(const Reporter& reporter, std::string_view what) const {
    if (count_ == 0) return;
    reporter.warning(
        text(count_, count_ == 1 ? " picture " : " pictures ", what, count_ == 1 ? ": " : ", first ", first_));
  }

 private:
  std::int64_t count_ = 0;
  std::string first_;
};

}  // namespace throng
