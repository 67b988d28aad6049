#include "cli/output_names.h"

#include <system_error>

#include "cli/replaceable.h"
#include "core/text.h"
#include "report/mark.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

// A folder of that name is left to the writer, which cannot replace it either.
bool is_foreign(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && !is_marked(path);
}

}  // namespace

OutputNames::OutputNames(fs::path folder, std::string ending, std::span<const CountInput> inputs)
    : folder_(std::move(folder)), ending_(std::move(ending)) {
  for (const CountInput& input : inputs) taken_.insert(identity_of(input.path));
}

fs::path OutputNames::next(const std::string& picture) {
  const std::string name = fs::path(picture).stem().string();
  fs::path candidate = folder_ / (name + ending_);
  kept_.clear();
  for (int number = 2;; ++number) {
    if (taken_.insert(identity_of(candidate)).second) {
      if (!is_foreign(candidate)) return candidate;
      if (kept_.empty()) kept_ = candidate;
    }
    candidate = folder_ / text(name, "-", number, ending_);
  }
}

}  // namespace throng
