#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "data/manifest.h"

namespace throng {

/// Sorts keys, unlike Json of core/config.h: looking one up in a large file takes less time.
using AnnotationJson = nlohmann::json;

/// A JSON file of annotations, with errors that name it. `where` stands for the object in them: "annotation 7".
class JsonFile {
 public:
  /// Large parts that nobody here needs (outlines, pictures within the file) are not kept. Throws Error(input) for a
  /// file that cannot be read or is no JSON.
  explicit JsonFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  const AnnotationJson& root() const { return root_; }

  /// A list in an object. Throws Error(input) when it is missing or something else, as the following do.
  const AnnotationJson& list(const AnnotationJson& object, const char* key, std::string_view where) const;
  double number(const AnnotationJson& object, const char* key, std::string_view where) const;
  std::int64_t whole(const AnnotationJson& object, const char* key, std::string_view where) const;
  std::string string(const AnnotationJson& object, const char* key, std::string_view where) const;
  /// [x, y]; what follows is passed over.
  Point point(const AnnotationJson& pair, std::string_view where) const;

  /// A picture's side in pixels, or 0 when the object does not say it or says something impossible.
  static int side(const AnnotationJson& object, const char* key);
  /// A number or string as text, "" for anything else: for names and ids that tools write either way.
  static std::string name(const AnnotationJson& value);

  [[noreturn]] void fail(std::string_view what) const;

 private:
  const AnnotationJson& member(const AnnotationJson& object, const char* key, std::string_view where) const;

  std::filesystem::path path_;
  AnnotationJson root_;
};

/// Whether one of the first JSON files below a folder (others are too many to read for a guess) fits.
bool any_json_file(const std::filesystem::path& folder, bool (*fits)(const JsonFile& file));

/// Calls `receive` with every JSON file below the folder that fits. Throws Error(input) for one that is no JSON.
void for_each_json_file(const std::filesystem::path& folder, bool (*fits)(const JsonFile& file),
                        const std::function<void(const JsonFile&)>& receive);

}  // namespace throng
