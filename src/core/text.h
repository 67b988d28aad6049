#pragma once

#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace throng {

/// Appends one value to a sentence; numbers are written without regard to the locale.
template <class T>
void append_text(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    out += value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    char buffer[40];
    out += std::string_view(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  } else {
    out += std::string_view(value);
  }
}

/// Joins strings and numbers into one string: text("row ", 3, " of ", name).
template <class... T>
std::string text(const T&... values) {
  std::string out;
  (append_text(out, values), ...);
  return out;
}

/// A number with a fixed number of decimals, never locale-dependent: fixed(3.14159, 2) == "3.14".
std::string fixed(double value, int decimals);

/// A number with a power of ten, never locale-dependent: scientific(0.00002, 2) == "2.00e-05".
std::string scientific(double value, int decimals);

/// Bytes as a person reads them: "1.5 GiB".
std::string human_bytes(std::int64_t bytes);

/// Seconds as a person reads them: "3.2 s", "12 s", "3 min 05 s", "2 h 10 min".
std::string human_duration(double seconds);

/// A number with its noun, which takes an s unless there is one: "1 picture", "0 pictures", "12 pictures".
std::string quantity(std::int64_t number, std::string_view noun);

/// fixed() with a plus before what is above zero: "+3.1", "-0.4", "0.0".
std::string signed_fixed(double value, int decimals);

/// The candidate nearest to `word` by edit distance, or "" when none is near enough to be a typing slip.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

/// The system's words for an errno: "No such file or directory".
std::string reason_of(int error);

/// A to Z made small; other letters, and other bytes of UTF-8, stay as they are.
std::string lower_case(std::string_view word);

std::vector<std::string> split(std::string_view line, char separator);
std::string_view trim(std::string_view line);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// Reads a whole token as a finite number, never locale-dependent; false when it is not one.
bool parse_number(std::string_view token, double& value);
bool parse_number(std::string_view token, std::int64_t& value);

}  // namespace throng
