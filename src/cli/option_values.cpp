#include "cli/option_values.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

enum class Sign { any, not_negative, positive };

bool are_digits(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The value as CLI11 reads it without fail, or a complaint.
std::string check_whole_number(std::string& value, Sign sign) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::int64_t least = sign == Sign::positive ? 1 : sign == Sign::not_negative ? 0 : -kMost - 1;
  const bool signed_word = value.starts_with('-') || value.starts_with('+');
  if (!are_digits(std::string_view(value).substr(signed_word ? 1 : 0))) {
    return text("'", value, "' is not a whole number");
  }
  std::int64_t number = 0;
  const bool fits = parse_number(value, number);
  if (!fits && !value.starts_with('-')) return text(value, " is too large: it may be ", kMost, " at most");
  if (!fits || number < least) return text(value, " is too small: it must be ", least, " or more");
  value = text(number);
  return "";
}

std::string check_decimal_number(std::string& value, Sign sign) {
  double number = 0;
  if (!parse_number(value, number)) return text("'", value, "' is not a number");
  if (sign == Sign::positive && !(number > 0)) return text(value, " is too small: it must be more than 0");
  if (sign == Sign::not_negative && number < 0) return text(value, " is too small: it must be 0 or more");
  value = text(number);
  return "";
}

/// `type` is CLI11's name for what an option takes and for the range it checks.
std::string check_value(std::string& value, const std::string& type) {
  if (value.empty()) return "the value is empty; give one, or leave this out";
  const std::vector<std::string> words = split(type, ':');
  Sign sign = Sign::any;
  if (words.back() == "POSITIVE") sign = Sign::positive;
  if (words.back() == "NONNEGATIVE") sign = Sign::not_negative;
  if (words.size() > (sign == Sign::any ? 1U : 2U)) return "";  // something else reads the value first
  if (words[0] == "INT") return check_whole_number(value, sign);
  if (words[0] == "UINT") return check_whole_number(value, sign == Sign::positive ? sign : Sign::not_negative);
  if (words[0] == "FLOAT") return check_decimal_number(value, sign);
  return "";
}

double unit_of(std::string_view name) {
  constexpr std::string_view kPrefixes = "kmgt";
  std::string unit = lower_case(name);
  if (unit.empty() || unit == "b") return 1;
  const std::size_t power = kPrefixes.find(unit[0]);
  const std::string_view rest = std::string_view(unit).substr(1);
  const bool known = power != std::string_view::npos && (rest.empty() || rest == "b" || rest == "ib");
  return known ? std::pow(1024.0, static_cast<double>(power + 1)) : 0;
}

std::string read_memory_size(std::string& value) {
  const std::size_t end = std::min(value.find_first_not_of("0123456789."), value.size());
  const double unit = unit_of(trim(std::string_view(value).substr(end)));
  double number = 0;
  if (!parse_number(std::string_view(value).substr(0, end), number) || unit == 0) {
    return text("'", value, "' is not an amount of memory such as 8G, 512M or 0");
  }
  constexpr double kMost = 9e18;
  if (number * unit > kMost) return text(value, " is more memory than any machine has");
  value = text(static_cast<std::int64_t>(number * unit));
  return "";
}

}  // namespace

void check_option_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;  // a flag
    const std::string type = option->get_type_name();
    // In front of the option's own checks.
    option->transform(CLI::Validator([type](std::string& value) { return check_value(value, type); }, ""));
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) check_option_values(*command);
}

CLI::Validator memory_size() { return {read_memory_size, "SIZE"}; }

void refuse_missing_values(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--") || !word.ends_with('=') || word.find('=') + 1 != word.size()) continue;
    throw Error(ErrorKind::usage,
                text(word.substr(0, word.size() - 1), ": the value is empty; give one, or leave this ",
                     "out\nRun with --help for more information."));
  }
}

}  // namespace throng
