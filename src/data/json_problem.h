#pragma once

#include <exception>
#include <string_view>

namespace throng {

/// What the JSON library says of a text that it cannot read, less its name of the exception and the first line's
/// number: "column 3: syntax error ..." of "[json.exception.parse_error.101] parse error at line 1, column 3: syntax
/// error ...". A view of the words of `problem`.
inline std::string_view json_problem(const std::exception& problem) {
  std::string_view words = problem.what();
  if (words.starts_with("[json.exception.") && words.find("] ") != std::string_view::npos) {
    words.remove_prefix(words.find("] ") + 2);
  }
  for (const std::string_view known : {"parse error at ", "line 1, "}) {
    if (words.starts_with(known)) words.remove_prefix(known.size());
  }
  return words;
}

}  // namespace throng
