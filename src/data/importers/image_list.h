#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace throng {

/// Whether a comes before b when runs of digits are compared as numbers: IMG_2 before IMG_10.
bool natural_less(std::string_view a, std::string_view b);

/// The pictures in a folder (and, if asked, the folders below it) in natural order; hidden ones are passed over, and
/// those that Throng drew (see image/own_mark.h), whose number is added to `drawings`. Throws Error(input) when the
/// folder cannot be read.
std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder, bool recursive,
                                               std::int64_t* drawings = nullptr);

/// The files in a folder (and, if asked, those below it) whose names end like this, in lower case (".json"); natural
/// order, hidden ones are passed over. Throws Error(input) when the folder cannot be read.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& folder, std::string_view ending,
                                              bool recursive);

}  // namespace throng
