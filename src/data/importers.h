#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

/// Turns a data set's own annotation files into a manifest. One file in importers/ each, listed in a table.
struct Importer {
  std::string_view name;  ///< what `throng data import NAME` calls it
  std::string_view help;  ///< one line: the layout that it reads
  Manifest (*run)(const std::filesystem::path& folder, const Reporter& reporter);
};

std::span<const Importer> importers();

/// Throws Error(usage) that lists the names when there is none of that name.
const Importer& find_importer(std::string_view name);

}  // namespace throng
