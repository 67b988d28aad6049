#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace throng {

/// "train", "val" or "test" for the words that people use for these ("training", "valid", "Test2017"); else "".
std::string split_called(std::string_view word);

/// The split that a path's folders speak of, the innermost first: "images/val2017/7.jpg" -> "val"; else "".
std::string split_of_folders(const std::filesystem::path& file);

/// The split that a file's name speaks of: "instances_val2017.json" -> "val"; else "".
std::string split_of_file_name(std::string_view stem);

}  // namespace throng
