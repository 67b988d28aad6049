#include "cli/inputs.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <system_error>

#include "core/text.h"
#include "image/codec.h"
#include "image/own_mark.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormats = "jpg, png, webp";

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> guard(&found, ::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

/// Files that were passed over though somebody may have meant them.
struct PassedOver {
  std::int64_t number = 0;
  std::string first;

  void add(const fs::path& path) {
    if (number++ == 0 || path.string() < first) first = path.string();
  }
  /// "3 linked folders, such as 'a/link'".
  std::string words(std::string_view noun) const {
    return text(quantity(number, noun), number == 1 ? ", '" : ", such as '", first, "'");
  }
};

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

  void report(const Reporter& reporter) const {
    if (links_.number > 0) {
      reporter.note(text("passed over ", links_.words("linked folder"), "; name them to count what is in them"));
    }
    if (drawings_.number > 0) {
      reporter.note(text("passed over ", drawings_.words("drawing"),
                         ", which Throng made of other pictures; name them to count them"));
    }
    std::int64_t all = 0;
    std::vector<std::string> formats;
    for (const auto& [ending, files] : foreign_) {
      all += files.number;
      formats.push_back(text(files.number, " ", ending));
    }
    if (all == 0) return;
    reporter.note(text("passed over ", quantity(all, "picture"), " of formats that are not built in (",
                       join(formats, ", "), "), such as '", foreign_.begin()->second.first,
                       "'; convert them to JPEG or PNG to count them"));
  }

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
    const std::size_t before = inputs_.size();
    for (const std::string& match : found) {
      std::error_code error;
      if (fs::is_directory(match, error)) {
        add_pictures_of(match);
      } else if (is_picture(match)) {
        inputs_.push_back({match, ""});
      }
    }
    if (inputs_.size() == before) {
      const std::string what = found.empty() ? "no file" : text("no picture (", kFormats, ")");
      inputs_.push_back({pattern, text(what, " matches '", pattern, "'")});
    }
  }

  /// By its name, but for what Throng drew itself; that, and one that cannot be decoded, is remembered.
  bool is_picture(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_other(path, ignored)) return false;  // a pipe is read only when it is named
    if (is_own_drawing(path)) {
      drawings_.add(path);
      return false;
    }
    if (has_decoded_extension(path)) return true;
    if (has_image_extension(path)) foreign_[lower_case(path.extension().string()).substr(1)].add(path);
    return false;
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
    if (add_pictures_of(folder)) return;
    inputs_.push_back({folder, text("there are no pictures (", kFormats, ") in the folder '", folder, "'")});
  }

  /// Whether there are any.
  bool add_pictures_of(const std::string& folder) {
    std::vector<CountInput> found;
    add_below(folder, found);
    std::ranges::sort(found, {}, &CountInput::path);
    std::ranges::move(found, std::back_inserter(inputs_));
    return !found.empty();
  }

  void add_below(const fs::path& folder, std::vector<CountInput>& found) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (!is_hidden(entry->path())) add_entry(*entry, found);
    }
    if (error)
      found.push_back({folder.string(), text("cannot read the folder '", folder.string(), "': ", error.message())});
  }

  void add_entry(const fs::directory_entry& entry, std::vector<CountInput>& found) {
    std::error_code ignored;
    if (!entry.is_directory(ignored)) {
      if (is_picture(entry.path())) found.push_back({entry.path().string(), ""});
    } else if (is_output(entry.path())) {
      return;
    } else if (entry.is_symlink(ignored)) {
      links_.add(entry.path());
    } else {
      add_below(entry.path(), found);
    }
  }

  const std::vector<std::string>& outputs_;
  std::vector<CountInput> inputs_;
  PassedOver links_, drawings_;
  std::map<std::string, PassedOver> foreign_;  ///< by ending
};

}  // namespace

std::vector<CountInput> collect_inputs(const std::vector<std::string>& arguments,
                                       const std::function<std::string()>& read_list,
                                       const std::vector<std::string>& outputs, const Reporter& reporter) {
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
  collector.report(reporter);
  return collector.take();
}

}  // namespace throng
