#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace throng {

/// The rows of a CSV file by its column names (the first line, a leading # aside): fields between commas, "..." around
/// those with commas, "" for a quote within. Throws Error(input) with file and line for a row of another length.
std::vector<std::map<std::string, std::string>> read_csv(const std::filesystem::path& path);

}  // namespace throng
