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

void add_below(const fs::path& folder, std::vector<CountInput>& found) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (is_hidden(entry->path())) continue;
    std::error_code ignored;
    // Linked folders are not followed: they may lead in circles.
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
      add_below(entry->path(), found);
    } else if (!entry->is_directory(ignored) && has_image_extension(entry->path())) {
      found.push_back({entry->path().string(), ""});
    }
  }
  if (error)
    found.push_back({folder.string(), text("cannot read the folder '", folder.string(), "': ", error.message())});
}

void add_folder(const std::string& folder, std::vector<CountInput>& inputs) {
  std::vector<CountInput> found;
  add_below(folder, found);
  std::ranges::sort(found, {}, &CountInput::path);
  if (found.empty()) {
    found.push_back({folder, text("there are no pictures (jpg, png, webp) in the folder '", folder, "'")});
  }
  std::ranges::move(found, std::back_inserter(inputs));
}

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> guard(&found, ::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

void add_existing(const std::string& path, std::vector<CountInput>& inputs) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    add_folder(path, inputs);
  } else {
    inputs.push_back({path, ""});
  }
}

void add_path(const std::string& path, std::vector<CountInput>& inputs) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error)) || path.find_first_of("*?[") == std::string::npos) {
    add_existing(path, inputs);
    return;
  }
  const std::vector<std::string> found = matches(path);
  if (found.empty()) inputs.push_back({path, text("no file matches '", path, "'")});
  for (const std::string& match : found) add_existing(match, inputs);
}

}  // namespace

std::vector<CountInput> collect_inputs(const std::vector<std::string>& arguments,
                                       const std::function<std::string()>& read_list) {
  std::vector<CountInput> inputs;
  for (const std::string& argument : arguments) {
    if (argument != "-") {
      add_path(argument, inputs);
      continue;
    }
    for (std::string& line : split(read_list(), '\n')) {
      if (line.ends_with('\r')) line.pop_back();
      if (!line.empty()) add_path(line, inputs);
    }
  }
  return inputs;
}

}  // namespace throng
