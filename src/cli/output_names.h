#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>

#include "cli/inputs.h"

namespace throng {

/// Chooses where the file made for each picture goes: FOLDER/NAME.ENDING after the picture's own name. A name that was
/// given out already, or that would replace one of the inputs or a file that Throng did not make (see report/mark.h),
/// gets "-2", "-3" and so on.
class OutputNames {
 public:
  /// `ending` with its dot.
  OutputNames(std::filesystem::path folder, std::string ending, std::span<const CountInput> inputs);

  std::filesystem::path next(const std::string& picture);

  /// The file for which the last name gave way, when that is neither an input nor ours; else empty.
  const std::filesystem::path& kept() const { return kept_; }

 private:
  std::filesystem::path folder_;
  std::string ending_;
  std::set<std::filesystem::path> taken_;
  std::filesystem::path kept_;
};

}  // namespace throng
