#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "data/importers/annotated.h"

namespace throng {

/// Finds the pictures that annotation files name, and fills in `image`. Tried in turn: the name as a path from the
/// annotation file's folder or from `folder`; then, for names from another place or machine (C:\work\a.jpg,
/// /home/x/a.jpg, https://host/a.jpg), the picture below `folder` that shares most of the name's end and that nobody
/// else has; then the absolute path itself. What is not found is given the place where it was looked for first. Throws
/// Error(input) when a name fits several pictures equally well.
void locate_pictures(std::vector<Annotated>& pictures, const std::filesystem::path& folder);

/// The parts of a path of any system or URL, without drive, host, query, "." and "..": "C:\a\b.jpg" -> {"a", "b.jpg"}.
std::vector<std::string> parts_of_name(std::string_view name);

/// Undoes %20 and its like.
std::string percent_decoded(std::string_view name);

}  // namespace throng
