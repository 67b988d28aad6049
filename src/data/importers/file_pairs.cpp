#include "data/importers/file_pairs.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "core/text.h"
#include "data/importers/image_list.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

struct NaturalOrder {
  bool operator()(const std::string& a, const std::string& b) const { return natural_less(a, b); }
};

bool ends_with_any(std::string_view name, const std::vector<std::string>& suffixes) {
  return std::ranges::any_of(suffixes, [name](const std::string& suffix) { return name.ends_with(suffix); });
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

}  // namespace

std::vector<FilePair> pair_files(const fs::path& images, const fs::path& annotations, std::string_view prefix,
                                 const std::vector<std::string>& suffixes) {
  std::map<std::string, FilePair, NaturalOrder> pairs;
  if (is_folder(images)) {
    for (fs::path& path : list_images(images, false)) {
      if (ends_with_any(path.filename().string(), suffixes)) continue;
      const std::string stem = path.stem().string();
      pairs[stem] = {std::move(path), {}, stem};
    }
  }
  if (is_folder(annotations)) {
    for (const std::string& suffix : suffixes) {
      for (fs::path& path : list_files(annotations, suffix, false)) {
        std::string stem = path.filename().string();
        if (!stem.starts_with(prefix) || !stem.ends_with(suffix)) continue;
        stem = stem.substr(prefix.size(), stem.size() - prefix.size() - suffix.size());
        FilePair& pair = pairs[stem];
        if (pair.image.empty()) pair = {images / (stem + ".jpg"), {}, stem};
        if (pair.annotation.empty()) pair.annotation = std::move(path);
      }
    }
  }
  std::vector<FilePair> list;
  for (auto& [stem, pair] : pairs) list.push_back(std::move(pair));
  return list;
}

Annotated annotated_pair(const FilePair& pair, std::string_view split, const fs::path& expected) {
  if (pair.annotation.empty()) {
    throw Error(ErrorKind::input,
                text("the annotation of ", pair.image.string(), " is missing; expected ", expected.string()));
  }
  Annotated picture{pair.image};
  picture.file = pair.annotation;
  picture.split = split;
  return picture;
}

fs::path first_there(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) return folder / name;
  }
  return {};
}

}  // namespace throng
