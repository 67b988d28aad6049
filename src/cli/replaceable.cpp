#include "cli/replaceable.h"

#include <array>
#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::size_t kLooksAt = 256;  // bytes from the beginning

std::string beginning_of(const std::filesystem::path& path) {
  std::array<char, kLooksAt> bytes{};
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(file.gcount())};
}

/// "3611 2.2456": four decimals, which tell it from the coordinates of a head.
bool is_submission_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == 0 || space == std::string_view::npos) return false;
  const std::string_view count = trim(line.substr(space + 1));
  double number = 0;
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), number);
  return error == std::errc() && end == count.data() + count.size() && count.find('.') + 5 == count.size();
}

bool is_of_kind(std::string_view beginning, OutputKind kind) {
  switch (kind) {
    case OutputKind::table:
      return beginning.starts_with("path,") && !beginning.starts_with("path,x,y,");
    case OutputKind::submission:
      return is_submission_line(beginning.substr(0, beginning.find('\n')));
    case OutputKind::manifest:
      return trim(beginning).starts_with('{') && beginning.find("\"throng_manifest\"") != std::string_view::npos;
    case OutputKind::point_table:
      return beginning.starts_with("path,x,y,");
    case OutputKind::point_document:
      return beginning.starts_with("{\"throng_points\":");
    case OutputKind::predicted_manifest:
      return is_of_kind(beginning, OutputKind::manifest) &&
             beginning.substr(0, beginning.find('\n')).find("\"predicted\":true") != std::string_view::npos;
    case OutputKind::model:
      // safetensors: the header's length in 8 bytes, then the header.
      return beginning.size() > 8 && beginning[8] == '{';
  }
  return false;
}

const char* name_of(OutputKind kind) {
  switch (kind) {
    case OutputKind::table:
      return "a table";
    case OutputKind::submission:
      return "a submission";
    case OutputKind::manifest:
      return "a manifest";
    case OutputKind::model:
      return "a model";
    case OutputKind::point_table:
      return "a table of points";
    case OutputKind::point_document:
      return "a document of points";
    case OutputKind::predicted_manifest:
      return "a manifest of points";
  }
  return "";
}

}  // namespace

void check_output(const std::filesystem::path& path, OutputKind kind) {
  if (kind == OutputKind::model && path.extension() != ".safetensors") {
    throw Error(ErrorKind::usage, text("cannot write '", path.string(), "': only .safetensors files are written"));
  }
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) {
    const std::string beginning = beginning_of(path);
    if (!beginning.empty() && !is_of_kind(beginning, kind)) {
      throw Error(ErrorKind::usage, text("'", path.string(), "' is there already and is not ", name_of(kind),
                                         " that throng wrote, so it is not replaced: name another file, or remove it"));
    }
  }
  if (!std::filesystem::is_other(path, error)) const AtomicFile probe(path);
}

void check_different(std::string_view option, const std::filesystem::path& path, std::string_view other_option,
                     const std::filesystem::path& other) {
  if (path.empty() || other.empty() || identity_of(path) != identity_of(other)) return;
  throw Error(ErrorKind::usage, text(option, " and ", other_option, " name the same file: give each its own"));
}

std::filesystem::path identity_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path canonical =
      std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  return error ? path : canonical;
}

}  // namespace throng
