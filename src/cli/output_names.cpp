#include "cli/output_names.h"

#include <system_error>

#include "core/text.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

// The same file, however it is named.
fs::path identity(const fs::path& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : canonical;
}

}  // namespace

OutputNames::OutputNames(fs::path folder, std::string ending, std::span<const CountInput> inputs)
    : folder_(std::move(folder)), ending_(std::move(ending)) {
  for (const CountInput& input : inputs) taken_.insert(identity(input.path));
}

fs::path OutputNames::next(const std::string& picture) {
  const std::string name = fs::path(picture).stem().string();
  fs::path candidate = folder_ / (name + ending_);
  for (int number = 2; !taken_.insert(identity(candidate)).second; ++number) {
    candidate = folder_ / text(name, "-", number, ending_);
  }
  return candidate;
}

}  // namespace throng
