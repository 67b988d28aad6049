#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

struct TextLine {
  std::int64_t number = 0;  ///< from 1, as an editor counts
  std::string content;
};

/// The lines of an annotation file, trimmed, without empty ones; a byte order mark and CR LF line ends do no harm.
/// Throws Error(input) for a file that cannot be read or is UTF-16.
std::vector<TextLine> read_lines(const std::filesystem::path& path);

/// What stands between spaces and tabs.
std::vector<std::string> words_of(std::string_view line);

/// The line's place for error messages: "a.txt:7: ".
std::string place_of(const std::filesystem::path& path, const TextLine& line);

}  // namespace throng
