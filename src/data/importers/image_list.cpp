#include "data/importers/image_list.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <system_error>

#include "core/text.h"
#include "image/codec.h"
#include "image/own_mark.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

/// Takes a run of digits off the front, without leading zeros.
std::string_view take_number(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_digit(rest[length])) ++length;
  std::string_view number = rest.substr(0, length);
  rest.remove_prefix(length);
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

template <class Iterator, class Wanted>
void gather(Iterator entries, const Wanted& wanted, std::vector<fs::path>& files) {
  for (const Iterator last; entries != last; ++entries) {
    const bool hidden = entries->path().filename().string().starts_with('.');
    if constexpr (requires { entries.disable_recursion_pending(); }) {
      if (hidden) entries.disable_recursion_pending();
    }
    if (!hidden && wanted(entries->path()) && entries->is_regular_file()) files.push_back(entries->path());
  }
}

template <class Wanted>
std::vector<fs::path> list(const fs::path& folder, bool recursive, const Wanted& wanted) {
  std::vector<fs::path> files;
  try {
    if (recursive) {
      gather(fs::recursive_directory_iterator(folder), wanted, files);
    } else {
      gather(fs::directory_iterator(folder), wanted, files);
    }
  } catch (const fs::filesystem_error& problem) {
    throw Error(ErrorKind::input, text("the folder ", folder.string(), " cannot be read: ", problem.code().message()));
  }
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
  return files;
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a;
  const std::string_view whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view left = take_number(a);
      const std::string_view right = take_number(b);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() != b.empty()) return a.empty();
  return whole_a < whole_b;
}

std::vector<fs::path> list_images(const fs::path& folder, bool recursive, std::int64_t* drawings) {
  std::vector<fs::path> images =
      list(folder, recursive, [](const fs::path& path) { return has_image_extension(path); });
  const auto drawn = static_cast<std::int64_t>(std::erase_if(images, is_own_drawing));
  if (drawings) *drawings += drawn;
  return images;
}

std::vector<fs::path> list_files(const fs::path& folder, std::string_view ending, bool recursive) {
  return list(folder, recursive,
              [ending](const fs::path& path) { return lower_case(path.filename().string()).ends_with(ending); });
}

}  // namespace throng
