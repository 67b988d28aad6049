#include "data/importers/locate.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <system_error>

#include "core/text.h"
#include "data/importers/image_list.h"
#include "data/importers/names.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

bool is_url(std::string_view name) { return name.find("://") != std::string_view::npos; }

bool is_drive(std::string_view part) { return part.size() == 2 && part[1] == ':'; }

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// The pictures below a folder by their names in lower case, for Windows does not tell a.JPG from a.jpg.
class PicturesBelow {
 public:
  explicit PicturesBelow(const fs::path& folder) {
    for (fs::path& path : list_images(folder, true)) {
      const fs::path relative = path.lexically_relative(folder);
      std::vector<Found>& of_name = by_name_[lower_case(path.filename().string())];
      of_name.push_back({parts_of_name(relative.generic_string()), split_of_folders(relative), std::move(path)});
    }
  }

  /// The free picture whose path ends most like the name; empty when there is none.
  fs::path nearest(const Annotated& picture, const std::set<fs::path>& taken) const {
    const std::vector<std::string> wanted = parts_of_name(picture.named);
    if (wanted.empty()) return {};
    const auto same_name = by_name_.find(lower_case(wanted.back()));
    if (same_name == by_name_.end()) return {};
    // Where a file speaks of one split, pictures of the same name in other splits' folders are not meant.
    const bool of_split = std::ranges::any_of(
        same_name->second, [&](const Found& found) { return !picture.split.empty() && found.split == picture.split; });
    std::vector<const Found*> best;
    std::size_t best_length = 0;
    for (const Found& found : same_name->second) {
      if (of_split && found.split != picture.split) continue;
      if (taken.contains(found.path.lexically_normal())) continue;
      const std::size_t length = common_end(found.parts, wanted);
      if (length > best_length || best.empty()) best.clear();
      if (length >= best_length) best.push_back(&found);
      best_length = std::max(best_length, length);
    }
    if (best.size() > 1) {
      throw Error(ErrorKind::input, text(picture.file.string(), " names '", picture.named, "', which could be ",
                                         best[0]->path.string(), " or ", best[1]->path.string(),
                                         "; write the folder into the name, or import one folder at a time"));
    }
    return best.empty() ? fs::path() : best[0]->path;
  }

 private:
  struct Found {
    std::vector<std::string> parts;
    std::string split;
    fs::path path;
  };

  static std::size_t common_end(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    std::size_t length = 0;
    while (length < std::min(a.size(), b.size()) &&
           lower_case(a[a.size() - 1 - length]) == lower_case(b[b.size() - 1 - length])) {
      ++length;
    }
    return length;
  }

  std::map<std::string, std::vector<Found>> by_name_;
};

std::string forward_slashes(std::string_view name) {
  std::string out(name);
  std::ranges::replace(out, '\\', '/');
  return out;
}

/// The picture where the name says it is, from the annotation file or from the data set's folder; else empty.
fs::path as_named(const Annotated& picture, const fs::path& folder) {
  if (is_url(picture.named) || picture.named.empty()) return {};
  // A backslash may also be part of a name, so the name as it is comes first.
  for (const std::string& name : {picture.named, forward_slashes(picture.named)}) {
    if (fs::path(name).is_absolute()) continue;
    for (const fs::path& from : {picture.file.parent_path(), folder}) {
      if (is_file(from / name)) return (from / name).lexically_normal();
    }
  }
  return {};
}

/// Where somebody would look for a picture that is nowhere.
fs::path expected_place(const Annotated& picture, const fs::path& folder) {
  const std::vector<std::string> parts = parts_of_name(picture.named);
  const std::string name = forward_slashes(picture.named);
  const bool elsewhere = is_url(name) || name.starts_with('/') || is_drive(name.substr(0, 2));
  if (parts.empty()) return folder / "?";
  return elsewhere ? folder / parts.back() : (folder / name).lexically_normal();
}

}  // namespace

std::string percent_decoded(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    unsigned char code = 0;
    const char* digits = name.data() + i + 1;
    if (name[i] == '%' && i + 2 < name.size() && std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += name[i];
    }
  }
  return out;
}

std::vector<std::string> parts_of_name(std::string_view name) {
  std::string rest = forward_slashes(name);
  if (is_url(rest)) {
    rest.erase(0, rest.find("://") + 3);
    rest.erase(std::min(rest.find_first_of("?#"), rest.size()));
    rest.erase(0, rest.find('/'));
    rest = percent_decoded(rest);
  }
  std::vector<std::string> parts;
  for (std::string& part : split(rest, '/')) {
    if (!part.empty() && part != "." && part != ".." && !is_drive(part)) parts.push_back(std::move(part));
  }
  return parts;
}

void locate_pictures(std::vector<Annotated>& pictures, const fs::path& folder) {
  std::set<fs::path> taken;
  for (Annotated& picture : pictures) {
    if (picture.image.empty()) picture.image = as_named(picture, folder);
    if (!picture.image.empty()) taken.insert(picture.image.lexically_normal());
  }
  const auto located = [](const Annotated& picture) { return !picture.image.empty(); };
  if (std::ranges::all_of(pictures, located)) return;
  const PicturesBelow below(folder);
  for (Annotated& picture : pictures) {
    if (!picture.image.empty()) continue;
    picture.image = below.nearest(picture, taken);
    if (picture.image.empty() && fs::path(picture.named).is_absolute() && is_file(picture.named)) {
      picture.image = picture.named;
    }
    if (picture.image.empty()) {
      picture.image = expected_place(picture, folder);
    } else {
      taken.insert(picture.image.lexically_normal());
    }
  }
}

}  // namespace throng
