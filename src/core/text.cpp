#include "core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <system_error>

namespace throng {

namespace {

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other, case aside.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

/// from_chars takes no leading plus sign; people write one.
std::string_view without_plus(std::string_view token) {
  const bool plus = token.size() > 1 && token[0] == '+' && token[1] != '-';
  return plus ? token.substr(1) : token;
}

template <class T>
bool parse_whole(std::string_view token, T& value) {
  token = without_plus(token);
  T parsed{};
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), parsed);
  if (error != std::errc{} || end != token.data() + token.size()) return false;
  value = parsed;
  return true;
}

}  // namespace

std::string fixed(double value, int decimals) {
  std::array<char, std::numeric_limits<double>::max_exponent10 + 400> buffer;
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  std::string out(buffer.data(), result.ptr);
  // A tiny negative value that rounds to zero reads as "-0.0".
  if (out.find_first_not_of("-0.") == std::string::npos && out.starts_with('-')) out.erase(0, 1);
  return out;
}

std::string scientific(double value, int decimals) {
  std::array<char, 400> buffer;
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, decimals);
  return {buffer.data(), result.ptr};
}

std::string human_bytes(std::int64_t bytes) {
  constexpr std::array<std::string_view, 7> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // What would be written as 1024.0 of one unit is 1.0 of the next.
  while (unit + 1 < kUnits.size() && std::abs(value) >= (unit == 0 ? 1024.0 : 1023.95)) {
    value /= 1024.0;
    ++unit;
  }
  return text(fixed(value, unit == 0 ? 0 : 1), " ", kUnits[unit]);
}

std::string human_duration(double seconds) {
  constexpr double kLongest = 1e12;
  if (!(seconds >= 0 && seconds < kLongest)) return "unknown time";
  if (seconds < 9.95) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  const auto two_digits = [](std::int64_t n) { return text(n < 10 ? "0" : "", n); };
  if (whole < 60) return text(whole, " s");
  if (whole < 3600) return text(whole / 60, " min ", two_digits(whole % 60), " s");
  const std::int64_t minutes = std::llround(seconds / 60);
  return text(minutes / 60, " h ", two_digits(minutes % 60), " min");
}

std::string quantity(std::int64_t number, std::string_view noun) {
  return text(number, " ", noun, number == 1 ? "" : "s");
}

std::string signed_fixed(double value, int decimals) {
  const std::string words = fixed(value, decimals);
  return value > 0 && words.find_first_not_of("0.") != std::string::npos ? "+" + words : words;
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
  // Far more than any name: only keeps a hostile input from costing quadratic time.
  constexpr std::size_t kLongestWord = 100;
  if (word.size() > kLongestWord) return "";
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string reason_of(int error) { return std::generic_category().message(error); }

std::string lower_case(std::string_view word) {
  std::string out(word);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::vector<std::string> split(std::string_view line, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = line.find(separator);
    parts.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = line.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kSpace) - first + 1);
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

bool parse_number(std::string_view token, double& value) {
  double parsed = 0;
  if (!parse_whole(token, parsed) || !std::isfinite(parsed)) return false;
  value = parsed;
  return true;
}

bool parse_number(std::string_view token, std::int64_t& value) { return parse_whole(token, value); }

}  // namespace throng
