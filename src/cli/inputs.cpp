#include "cli/inputs.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <system_error>

#include "core/text.h"
#include "image/codec.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> guard(&found, ::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

/// Turns arguments into inputs, in their order.
class Collector {
 public:
  explicit Collector(const std::vector<std::string>& outputs) : outputs_(outputs) {}

  void add_path(const std::string& path) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(path, error)) || path.find_first_of("*?[") == std::string::npos) {
      add_existing(path);
    } else {
      add_matches(path);
    }
  }

  std::vector<CountInput> take() { return std::move(inputs_); }

 private:
  /// However it is named.
  bool is_output(const fs::path& folder) const {
    return std::ranges::any_of(outputs_, [&](const std::string& output) {
      std::error_code error;
      return fs::equivalent(folder, output, error);
    });
  }

  void add_matches(const std::string& pattern) {
    std::vector<std::string> found = matches(pattern);
    std::erase_if(found, [&](const std::string& match) { return is_output(match); });
    if (found.empty()) inputs_.push_back({pattern, text("no file matches '", pattern, "'")});
    for (const std::string& match : found) add_existing(match);
  }

  void add_existing(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      add_folder(path);
    } else {
      inputs_.push_back({path, ""});
    }
  }

  void add_folder(const std::string& folder) {
    std::vector<CountInput> found;
    add_below(folder, found);
    std::ranges::sort(found, {}, &CountInput::path);
    if (found.empty()) {
      found.push_back({folder, text("there are no pictures (jpg, png, webp) in the folder '", folder, "'")});
    }
    std::ranges::move(found, std::back_inserter(inputs_));
  }

  void add_below(const fs::path& folder, std::vector<CountInput>& found) const {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (is_hidden(entry->path())) continue;
      std::error_code ignored;
      // Linked folders are not followed: they may lead in circles.
      if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
        if (!is_output(entry->path())) add_below(entry->path(), found);
      } else if (!entry->is_directory(ignored) && has_image_extension(entry->path())) {
        found.push_back({entry->path().string(), ""});
      }
    }
    if (error)
      found.push_back({folder.string(), text("cannot read the folder '", folder.string(), "': ", error.message())});
  }

  const std::vector<std::string>& outputs_;
  std::vector<CountInput> inputs_;
};

}  // namespace

std::vector<CountInput> collect_inputs(const std::vector<std::string>& arguments,
                                       const std::function<std::string()>& read_list,
                                       const std::vector<std::string>& outputs) {
  Collector collector(outputs);
  for (const std::string& argument : arguments) {
    if (argument != "-") {
      collector.add_path(argument);
      continue;
    }
    for (std::string& line : split(read_list(), '\n')) {
      if (line.ends_with('\r')) line.pop_back();
      if (!line.empty()) collector.add_path(line);
    }
  }
  return collector.take();
}

}  // namespace throng
