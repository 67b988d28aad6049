#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/progress.h"

namespace throng {

/// Keeps what the library says.
class KeptMessages final : public MessageSink {
 public:
  void message(Level level, std::string_view sentence) override {
    (level == Level::warning ? warnings : notes).emplace_back(sentence);
  }

  std::vector<std::string> notes;
  std::vector<std::string> warnings;
};

}  // namespace throng
