#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "data/importers/annotated.h"

namespace throng {

/// A picture and its annotation file; one of the two may be missing.
struct FilePair {
  std::filesystem::path image;       ///< where it should be when it is missing: STEM.jpg
  std::filesystem::path annotation;  ///< empty when it is missing
  std::string stem;                  ///< of the picture
};

/// Pairs the pictures of a folder with annotation files PREFIX STEM SUFFIX of another (which may be the same or not be
/// there), in natural order of the pictures; of several suffixes the first that is there. Pictures whose names end in
/// an annotation's suffix are annotations themselves (NAMEdots.png). Throws Error(input) when a folder cannot be read.
std::vector<FilePair> pair_files(const std::filesystem::path& images, const std::filesystem::path& annotations,
                                 std::string_view prefix, const std::vector<std::string>& suffixes);

/// The annotated picture of a pair, its points still to be read. Throws Error(input) when the annotation is missing;
/// `expected` names the file that should be there.
Annotated annotated_pair(const FilePair& pair, std::string_view split, const std::filesystem::path& expected);

/// The first of these names that a folder has, as a path; empty when it has none of them.
std::filesystem::path first_there(const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace throng
