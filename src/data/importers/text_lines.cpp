#include "data/importers/text_lines.h"

#include <algorithm>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

std::vector<TextLine> read_lines(const std::filesystem::path& path) {
  const std::string content = read_text_file(path);
  std::string_view rest = content;
  if (rest.starts_with("\xff\xfe") || rest.starts_with("\xfe\xff")) {
    throw Error(ErrorKind::input, text(path.string(), " is UTF-16 text; save it as UTF-8"));
  }
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  std::vector<TextLine> lines;
  std::int64_t number = 0;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    ++number;
    if (!line.empty()) lines.push_back({number, std::string(line)});
  }
  return lines;
}

std::vector<std::string> words_of(std::string_view line) {
  constexpr std::string_view kSpace = " \t";
  std::vector<std::string> words;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(kSpace), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::string place_of(const std::filesystem::path& path, const TextLine& line) {
  return text(path.string(), ":", line.number, ": ");
}

}  // namespace throng
