#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

/// What an importer is asked to do.
struct ImportRequest {
  std::filesystem::path folder;
  Reporter reporter{};
  /// The annotated classes that are counted; empty = people, where an annotator marked several classes.
  std::vector<std::string> classes{};
};

/// Turns a data set's own annotation files into a manifest. One file in importers/ each, listed in a table.
struct Importer {
  std::string_view name;  ///< what `throng data import NAME` calls it
  std::string_view help;  ///< one line: the layout that it reads
  /// Throws Error(input) for files that do not fit the layout.
  Manifest (*run)(const ImportRequest& request);
  /// Whether a folder looks like this layout: by its names, or a glance into its first files. May throw
  /// Error(input) where it cannot read something.
  bool (*recognises)(const std::filesystem::path& folder);
  bool has_classes = false;  ///< whether its annotations name classes, so that ImportRequest::classes means something
};

std::span<const Importer> importers();

/// Throws Error(usage) that lists the names when there is none of that name.
const Importer& find_importer(std::string_view name);

/// find_importer and run. Throws Error(usage) when classes are asked for and the layout has none.
Manifest import_data_set(std::string_view name, const ImportRequest& request);

}  // namespace throng
