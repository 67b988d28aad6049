#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "cli/count_rows.h"
#include "core/progress.h"

namespace throng {

/// What `throng count --points FILE` writes, by the ending of the file's name.
enum class PointFormat {
  table,     ///< .csv: path,x,y,confidence, a line a head
  document,  ///< .json: {"throng_points":1,"images":[{"path","width","height","points":[[x,y],...],"confidence"}]}
  manifest,  ///< .jsonl: a data set (docs/manifest.md), to look at, to correct and to learn from
};

/// Throws Error(usage) for another ending.
PointFormat point_format(const std::filesystem::path& path);

/// Before work begins. Throws Error(usage) for an ending that is not known and for a file that is there already and was
/// not written by `throng count --points`, in particular a manifest that people have made; Error(failure) when it
/// cannot be written.
void check_point_file(const std::filesystem::path& path);

/// Writes the points of all pictures that were counted, atomically; in the document the others, and those whose points
/// could not be made, have an "error"; in the manifest both are missing, and with a warning those whose names are not
/// UTF-8. Coordinates are cut to hundredths of a pixel. Returns how many counted pictures are missing in the manifest.
std::size_t write_point_file(const std::filesystem::path& path, std::span<const CountRow> rows, const CountedBy& by,
                             const Reporter& reporter);

}  // namespace throng
