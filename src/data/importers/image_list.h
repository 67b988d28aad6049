#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "data/manifest.h"

namespace throng {

/// Whether a comes before b when runs of digits are compared as numbers: IMG_2 before IMG_10.
bool natural_less(std::string_view a, std::string_view b);

/// The pictures in a folder (and, if asked, the folders below it) in natural order; hidden ones are passed over.
/// Throws Error(input) when the folder cannot be read.
std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder, bool recursive);

/// The files in a folder (and, if asked, those below it) whose names end like this, in lower case (".json"); natural
/// order, hidden ones are passed over. Throws Error(input) when the folder cannot be read.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& folder, std::string_view ending,
                                              bool recursive);

/// An entry with the picture's size, read from its header. Throws Error(input) when it is no readable picture.
ManifestEntry make_entry(const std::filesystem::path& image, std::vector<Point> points, std::string_view split);

}  // namespace throng
